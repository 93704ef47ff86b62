import { FolderOpen } from 'lucide-react';
import { useState } from 'react';
import type { Inspection } from '#protocol/contract/projects.ts';
import { t } from '../../i18n/index.ts';
import { type Answered, send } from '../../store/send.ts';
import { useWorld } from '../../store/world-store.ts';
import { Button } from '../../ui/Button.tsx';
import { FaultBox } from '../../ui/States.tsx';
import { Line } from '../../ui/Words.tsx';
import { changeDraft } from './draft.ts';
import { FolderPicker } from './FolderPicker.tsx';

/** What would run or steer agents, and the CEO's word on it. */
function Trust({ found, onTrusted }: { readonly found: Inspection; readonly onTrusted: () => void }) {
  const trust = async () => {
    const { path, trust: seen } = found;
    const answered = await send((client, command) => client.projects.trust({ path, digest: seen.digest, command }));
    // What was looked at is no longer what is there, or it is trusted now: both want another look.
    if (answered.ok || answered.error.tag === 'trust-changed') onTrusted();
  };
  return (
    <section className="compose-trust" aria-label={t('compose:untrusted')}>
      <h3>{t('compose:untrusted')}</h3>
      <p>{t('compose:untrustedWhy')}</p>
      <ul className="compose-items">
        {found.trust.items.map((item) => (
          <li key={`${item.kind}:${item.path}`}>
            <code>
              <Line text={item.path} />
            </code>{' '}
            <Line text={item.summary} />
          </li>
        ))}
        {found.trust.items.length === 0 && <li>{t('compose:nothingToTrust')}</li>}
      </ul>
      <Button onClick={() => void trust()}>{t('compose:trust')}</Button>
    </section>
  );
}

function Found({ found, again }: { readonly found: Answered<Inspection> | null; readonly again: () => void }) {
  if (found === null) return <small role="status">{t('compose:looking')}</small>;
  if (!found.ok) return <FaultBox fault={found.error} />;
  const { branch, head, warnings, commands, trust } = found.value;
  return (
    <>
      <small>
        {t('compose:on', { branch, commit: head.slice(0, 8) })}.{' '}
        {t('compose:runs', {
          setup: commands.setup ?? t('compose:none'),
          verify: commands.verify ?? t('compose:none'),
        })}
      </small>
      {warnings.map((warning) => (
        <small key={warning}>
          <Line text={warning} />
        </small>
      ))}
      {!trust.trusted && <Trust found={found.value} onTrusted={again} />}
    </>
  );
}

/** Chooses the repository a goal is for, and says what is there. */
export function Repository({
  path,
  found,
  again,
}: {
  readonly path: string;
  readonly found: Answered<Inspection> | null;
  readonly again: () => void;
}) {
  const [picking, setPicking] = useState(false);
  const projects = useWorld((world) => world.projects) ?? {};
  return (
    <div className="field">
      <label htmlFor="compose-path">{t('compose:repository')}</label>
      <div className="row">
        <input
          id="compose-path"
          className="input mono"
          list="compose-projects"
          value={path}
          onChange={(event) => changeDraft({ path: event.target.value })}
        />
        <datalist id="compose-projects">
          {Object.values(projects).map((project) => (
            <option key={project.id} value={project.path} />
          ))}
        </datalist>
        <Button icon={FolderOpen} onClick={() => setPicking(true)}>
          {t('compose:choose')}
        </Button>
      </div>
      {path !== '' && <Found found={found} again={again} />}
      {picking && (
        <FolderPicker
          from={path}
          onClose={() => setPicking(false)}
          onChoose={(chosen) => {
            changeDraft({ path: chosen });
            setPicking(false);
          }}
        />
      )}
    </div>
  );
}
