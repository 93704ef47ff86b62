import { useState } from 'react';
import type { DecisionView } from '#protocol/contract/messages.ts';
import type { Fault } from '#protocol/model/fault.ts';
import type { Project } from '#protocol/model/project/state.ts';
import { t } from '../../i18n/index.ts';
import { tell } from '../../store/notices.ts';
import { send } from '../../store/send.ts';
import { plainLine } from '../../text/plain.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { FaultBox } from '../../ui/States.tsx';

const listed = (text: string) =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);

/** The CEO decides something, or puts something else in the place of a decision. */
export function RecordDecision({
  projects,
  replaced,
  onClose,
  onDone,
}: {
  readonly projects: readonly Project[];
  readonly replaced: DecisionView | null;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const [project, setProject] = useState(replaced?.project ?? projects[0]?.id ?? '');
  const [subject, setSubject] = useState(replaced?.subjectText ?? '');
  const [text, setText] = useState(replaced?.textText ?? '');
  const [roles, setRoles] = useState(replaced?.binds.roles.filter((role) => role !== 'everyone').join(', ') ?? '');
  const [paths, setPaths] = useState(replaced?.binds.paths.join(', ') ?? '');
  const [refusal, setRefusal] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);
  const fits = project !== '' && subject.trim() !== '' && text.trim() !== '';
  const save = async () => {
    setBusy(true);
    const named = listed(roles);
    const done = await send(
      (client, command) =>
        client.messages.recordDecision({
          project,
          subject,
          text,
          roles: named.length === 0 ? ['everyone'] : named,
          paths: listed(paths),
          // Whoever was bound by name stays bound.
          agents: [...(replaced?.binds.agents ?? [])],
          ...(replaced === null ? {} : { supersedes: replaced.id }),
          command,
        }),
      true,
    );
    setBusy(false);
    if (!done.ok) return setRefusal(done.error);
    tell(t('memory:recorded'));
    onDone();
    onClose();
  };
  return (
    <Dialog
      title={t(replaced === null ? 'memory:record' : 'memory:replacing')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form="decide" disabled={!fits || busy}>
            {t('memory:save')}
          </Button>
        </>
      }
    >
      {refusal && <FaultBox fault={refusal} />}
      <form
        id="decide"
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          if (fits && !busy) void save();
        }}
      >
        <div className="field">
          <label htmlFor="decide-project">{t('memory:recordIn')}</label>
          <select
            id="decide-project"
            className="input"
            value={project}
            disabled={replaced !== null}
            onChange={(event) => setProject(event.target.value)}
          >
            {projects.map((each) => (
              <option key={each.id} value={each.id}>
                {plainLine(each.name || each.path, 80)}
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor="decide-subject">{t('memory:subject')}</label>
          <input
            id="decide-subject"
            className="input"
            maxLength={200}
            value={subject}
            onChange={(event) => setSubject(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor="decide-text">{t('memory:text')}</label>
          <textarea
            id="decide-text"
            className="input"
            rows={4}
            maxLength={20_000}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor="decide-roles">{t('memory:roles')}</label>
          <input id="decide-roles" className="input" value={roles} onChange={(event) => setRoles(event.target.value)} />
        </div>
        <div className="field">
          <label htmlFor="decide-paths">{t('memory:paths')}</label>
          <input id="decide-paths" className="input" value={paths} onChange={(event) => setPaths(event.target.value)} />
        </div>
      </form>
    </Dialog>
  );
}
