import type { Goal } from '#protocol/model/goal/state.ts';
import type { WhyAction } from '#protocol/model/goal/why-parts.ts';
import { send } from '../../store/send.ts';
import { goTo, select, setOverlay, showGoal } from '../../store/view-store.ts';
import { useInbox } from '../inbox/state.ts';

function toInbox(item: string): void {
  useInbox.setState({ item, narrowing: false });
  goTo('inbox');
}

/** Shows a task on the graph, with a tab of the inspector. */
function toTask(goal: Goal, task: string, tab: 'overview' | 'transcript' = 'overview'): void {
  showGoal(goal.id);
  goTo('graph');
  select([`task:${task}`], tab);
}

/** A cap is raised where it was asked for; else where it stands. */
function raise(goal: Goal, attempt: string | null): void {
  const asked = Object.values(goal.items).find(
    (item) => item.kind === 'budget' && item.closed === null && item.attempt === attempt,
  );
  const task = goal.attempts[attempt ?? '']?.task;
  if (asked) toInbox(asked.id);
  else if (task !== undefined) toTask(goal, task);
}

/** Whoever waits for an answer can be answered where its task is shown. */
function toWaiting(goal: Goal, message: string): void {
  const waiting = Object.values(goal.attempts).find((attempt) => attempt.wait?.on === message);
  if (waiting) toTask(goal, waiting.task);
}

/** Does what helps: a command is sent, or the place is shown where the CEO says more. */
export function act(goal: Goal, action: WhyAction): unknown {
  const of = { goal: goal.id };
  switch (action.do) {
    case 'answer':
      return toInbox(action.item);
    case 'raise-cap':
      return raise(goal, action.attempt);
    case 'resume-agent':
      return void send((client, command) => client.goals.resume({ ...of, agent: action.agent, command }));
    case 'unpause-agent':
      return void send((client, command) =>
        client.plan.pauseAgent({ ...of, agent: action.agent, paused: false, command }),
      );
    case 'retry-task':
      return void send((client, command) => client.goals.retryTask({ ...of, task: action.task, command }));
    case 'assign':
      return setOverlay({ kind: 'assign', tasks: [action.task] });
    case 'cancel-task':
      return setOverlay({ kind: 'cancel-tasks', tasks: [action.task] });
    case 'unlink':
      return void send((client, command) => client.plan.unlink({ ...of, task: action.task, on: action.on, command }));
    case 'give-work':
    case 'add-task':
      return setOverlay({ kind: 'new-task' });
    case 'approve-plan':
      return void send((client, command) => client.goals.approvePlan({ ...of, command }));
    case 'continue':
      return void send((client, command) => client.goals.continue({ ...of, command }));
    case 'signal':
      return void send((client, command) => client.plan.signal({ ...of, name: action.name, passed: true, command }));
    case 'accept':
      return goTo('review');
    case 'answer-message':
      return toWaiting(goal, action.message);
    case 'allow-more-agents':
      return goTo('settings');
    case 'look': {
      const task = goal.attempts[action.attempt]?.task;
      return task === undefined ? undefined : toTask(goal, task, 'transcript');
    }
    case 'wait':
      return undefined;
  }
}
