import { Unlink } from 'lucide-react';
import { describeTask, textsIn } from '#protocol/model/goal/describe.ts';
import { isSatisfied } from '#protocol/model/goal/ready.ts';
import type { Goal, Task } from '#protocol/model/goal/state.ts';
import { t } from '../../../i18n/index.ts';
import { send } from '../../../store/send.ts';
import { useText } from '../../../store/shown.ts';
import { type Selection, select } from '../../../store/view-store.ts';
import { useIsPast, worldNow } from '../../../store/world-store.ts';
import { plainLine } from '../../../text/plain.ts';
import { Button } from '../../../ui/Button.tsx';
import { StateMark } from '../../../ui/StateMark.tsx';
import { Line } from '../../../ui/Words.tsx';
import { mayRevise } from './help.ts';
import { Section } from './Parts.tsx';

function TaskLine({ goal, task }: { readonly goal: Goal; readonly task: Task }) {
  const title = useText(task.title);
  const { standing } = describeTask(goal, task, textsIn(worldNow()?.texts ?? {}));
  return (
    <button type="button" className="inspect-link row inspect-row" onClick={() => select([`task:${task.id}`])}>
      <StateMark standing={standing} />
      <Line text={title} />
    </button>
  );
}

/** A dependency: what waits for what, whether it still holds, and how to remove it. */
export function LinkOverview({ goal, task, on }: { readonly goal: Goal; readonly task: Task; readonly on: Task }) {
  const waits = useText(task.title);
  const first = useText(on.title);
  const past = useIsPast();
  const linked = task.dependsOn.includes(on.id);
  const state = !linked ? 'gone' : isSatisfied(goal, on.id) ? 'met' : on.status === 'failed' ? 'failed' : 'holds';
  const names = { task: plainLine(waits, 80), on: plainLine(first, 80) };
  const remove = async () => {
    const removed = await send((client, command) =>
      client.plan.unlink({ goal: goal.id, task: task.id, on: on.id, command }),
    );
    if (removed.ok) select([]);
  };
  return (
    <>
      <p>{t(`inspector:link.${state}`, names)}</p>
      {linked && !past && (
        <div className="inspect-actions">
          <Button icon={Unlink} disabled={!mayRevise(task)} onClick={() => void remove()}>
            {t('inspector:link.remove')}
          </Button>
          {!mayRevise(task) && <small>{t('inspector:link.tooLate')}</small>}
        </div>
      )}
      <Section title={t('inspector:link.first')}>
        <TaskLine goal={goal} task={on} />
      </Section>
      <Section title={t('inspector:link.next')}>
        <TaskLine goal={goal} task={task} />
      </Section>
    </>
  );
}

function Chosen({ goal, id }: { readonly goal: Goal; readonly id: string }) {
  const name = id.slice(id.indexOf(':') + 1);
  const task = id.startsWith('task:') ? goal.tasks[name] : undefined;
  if (task) return <TaskLine goal={goal} task={task} />;
  return (
    <button type="button" className="inspect-link row inspect-row" onClick={() => select([id])}>
      <Line text={goal.agents[name]?.name ?? id} most={80} />
    </button>
  );
}

/** Several selected things, each a click away. */
export function ManyOverview({ goal, ids }: { readonly goal: Goal; readonly ids: Selection }) {
  return (
    <Section title={t('inspector:many', { count: ids.length })}>
      {ids.slice(0, 200).map((id) => (
        <Chosen key={id} goal={goal} id={id} />
      ))}
    </Section>
  );
}
