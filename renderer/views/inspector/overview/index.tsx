import { actorName } from '#protocol/model/goal/describe.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { t } from '../../../i18n/index.ts';
import { useGoalName, useText } from '../../../store/shown.ts';
import { Line } from '../../../ui/Words.tsx';
import type { Subject } from '../subject.ts';
import { AgentOverview } from './AgentOverview.tsx';
import { CollisionOverview } from './CollisionOverview.tsx';
import { GoalOverview } from './GoalOverview.tsx';
import { LinkOverview, ManyOverview } from './OtherOverviews.tsx';
import { TaskOverview } from './TaskOverview.tsx';

/** The name of what is shown; of a dependency, a collision or several: none. */
function useName(goal: Goal, subject: Subject): string {
  const goalText = useGoalName(goal);
  const taskText = useText(subject.kind === 'task' ? goal.tasks[subject.id]?.title : null);
  switch (subject.kind) {
    case 'goal':
      return goalText;
    case 'task':
      return taskText;
    case 'agent':
      return actorName(goal, subject.id);
    case 'talk':
      return `${actorName(goal, subject.one)}, ${actorName(goal, subject.other)}`;
    case 'link':
    case 'hit':
    case 'many':
      return '';
  }
}

/** What is shown, by its kind and its name. */
export function Title({ goal, subject }: { readonly goal: Goal; readonly subject: Subject }) {
  const node = subject.kind === 'task' ? goal.tasks[subject.id]?.kind : undefined;
  const kind = node === 'gate' || node === 'group' ? node : subject.kind;
  return (
    <>
      <span className="chip">{t(`inspector:subject.${kind}`)}</span>
      <Line text={useName(goal, subject)} most={200} />
    </>
  );
}

/** Its state in a sentence, and what can be done. */
export function Overview({ goal, subject }: { readonly goal: Goal; readonly subject: Subject }) {
  switch (subject.kind) {
    case 'task': {
      const task = goal.tasks[subject.id];
      return task ? <TaskOverview goal={goal} task={task} /> : null;
    }
    case 'agent': {
      const agent = goal.agents[subject.id];
      return agent ? <AgentOverview goal={goal} agent={agent} /> : null;
    }
    case 'link': {
      const [task, on] = [goal.tasks[subject.task], goal.tasks[subject.on]];
      return task && on ? <LinkOverview goal={goal} task={task} on={on} /> : null;
    }
    case 'hit': {
      const collision = goal.collisions[subject.id];
      return collision ? <CollisionOverview goal={goal} collision={collision} /> : null;
    }
    case 'many':
      return <ManyOverview goal={goal} ids={subject.ids} />;
    default:
      return <GoalOverview goal={goal} />;
  }
}
