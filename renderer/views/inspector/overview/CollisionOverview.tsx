import type { Collision } from '#protocol/model/goal/collision.ts';
import { actorName } from '#protocol/model/goal/describe.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { t } from '../../../i18n/index.ts';
import { useText } from '../../../store/shown.ts';
import { select } from '../../../store/view-store.ts';
import { plainLine } from '../../../text/plain.ts';
import { Ago, Line } from '../../../ui/Words.tsx';
import { showChange } from '../state.ts';
import { Section } from './Parts.tsx';

/** One side: whose work, at which task. */
function Side({ goal, attempt: id }: { readonly goal: Goal; readonly attempt: string }) {
  const attempt = goal.attempts[id];
  const task = goal.tasks[attempt?.task ?? ''];
  const title = useText(task?.title);
  if (!attempt || !task) return null;
  return (
    <button type="button" className="inspect-link row inspect-row" onClick={() => select([`task:${task.id}`])}>
      <Line text={`${actorName(goal, attempt.agent)}: ${plainLine(title, 120)}`} />
    </button>
  );
}

/** Two pieces of work that get into each other's way: which files, whose, since when, and what was done about it. */
export function CollisionOverview({ goal, collision }: { readonly goal: Goal; readonly collision: Collision }) {
  const files = useText(collision.files);
  const { kind, count, action, attempts, clearedAt } = collision;
  const [first = ''] = attempts;
  const open = (file: string) => {
    select([`task:${goal.attempts[first]?.task ?? ''}`]);
    showChange(first, file);
  };
  return (
    <>
      <p>
        {clearedAt === null ? t(`graph:collision.${kind}`, { count }) : t('graph:collision.gone')}{' '}
        <small className="figures">
          <Ago at={clearedAt ?? collision.seenAt} />
        </small>
      </p>
      <p className="quiet">{action === null ? t('graph:collision.nothing') : t(`graph:collision.did.${action}`)}</p>
      <Section title={t('graph:collision.between')}>
        {attempts.map((attempt) => (
          <Side key={attempt} goal={goal} attempt={attempt} />
        ))}
      </Section>
      <Section title={t('graph:collision.files')}>
        {files.split('\n').map((file) => (
          <button key={file} type="button" className="inspect-link row inspect-row" onClick={() => open(file)}>
            <Line text={file} />
          </button>
        ))}
      </Section>
    </>
  );
}
