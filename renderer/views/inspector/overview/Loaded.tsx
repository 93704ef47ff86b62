import type { Attempt, Goal } from '#protocol/model/goal/state.ts';
import { t } from '../../../i18n/index.ts';
import { Line } from '../../../ui/Words.tsx';
import { useTranscript } from '../transcript/lines.ts';
import { Facts, Section } from './Parts.tsx';

/** What the newest run of an attempt started with: its tools, servers and context files. */
export function Loaded({ goal, attempt }: { readonly goal: Goal; readonly attempt: Attempt }) {
  const run = attempt.runs.filter((id) => goal.runs[id]?.startedAt !== null).at(-1) ?? null;
  const { lines } = useTranscript(run);
  const started = lines.find(({ event }) => event.type === 'started')?.event;
  if (started?.type !== 'started') return null;
  const { tools, mcpServers, context, skills, leftOut } = started.loaded;
  return (
    <Section title={t('inspector:loaded')}>
      <Facts
        facts={[
          [t('inspector:tools'), tools.length === 0 ? t('inspector:none') : <Words key="tools" all={tools} />],
          [
            t('inspector:servers'),
            mcpServers.length === 0 ? (
              t('inspector:none')
            ) : (
              <Words key="servers" all={mcpServers.map(({ name, status }) => `${name} (${status})`)} />
            ),
          ],
          [t('inspector:context'), context.length === 0 ? t('inspector:none') : <Words key="context" all={context} />],
          [t('inspector:skills'), skills.length === 0 ? t('inspector:none') : <Words key="skills" all={skills} />],
        ]}
      />
      {leftOut.length > 0 && (
        <details>
          <summary>{t('inspector:leftOut', { count: leftOut.length })}</summary>
          <ul className="inspect-left-out">
            {leftOut.map(({ what, why }) => (
              <li key={what}>
                <Line text={`${what}: ${why}`} most={300} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </Section>
  );
}

/** A few names, each apart. */
export function Words({ all }: { readonly all: readonly string[] }) {
  return (
    <span className="inspect-words">
      {all.slice(0, 200).map((each) => (
        <code key={each}>
          <Line text={each} most={80} />
        </code>
      ))}
    </span>
  );
}
