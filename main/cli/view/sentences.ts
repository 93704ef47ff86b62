import type { NumberedEvent } from '#protocol/contract/feed.ts';
import { actorName, type TextOf, textsIn } from '#protocol/model/goal/describe.ts';
import type { GoalEvent } from '#protocol/model/goal/event.ts';
import { describeIntervention } from '#protocol/model/goal/interventions.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { eventOf, type World } from '#protocol/model/world.ts';
import { oneLine } from '../text.ts';

type Wording = {
  [T in GoalEvent['type']]?: (event: Extract<GoalEvent, { type: T }>, goal: Goal, textOf: TextOf) => string;
};

const titleOf = (goal: Goal, attempt: string, textOf: TextOf) =>
  textOf(goal.tasks[goal.attempts[attempt]?.task ?? '']?.title ?? null);
const agentOf = (goal: Goal, attempt: string) => actorName(goal, goal.attempts[attempt]?.agent ?? '');

const WORDING: Wording = {
  'goal.stated': (event) => `goal stated; work is kept on ${event.branch}`,
  'tasks.added': (event, goal, textOf) =>
    `${event.tasks.length} tasks added: ${event.tasks.map((task) => textOf(task.title)).join(', ')} (${actorName(goal, event.by)})`,
  'task.added': (event, goal, textOf) => `task added: ${textOf(event.title)} (${actorName(goal, event.by)})`,
  'plan.proposed': (event) => `plan proposed: ${event.tasks} tasks`,
  'plan.approved': (event, goal) => `plan approved by ${actorName(goal, event.by)}`,
  'run.started': (event, goal, textOf) =>
    `${agentOf(goal, event.attempt)} works on: ${titleOf(goal, event.attempt, textOf)}`,
  'run.ended': (event, goal, textOf) =>
    `${agentOf(goal, event.attempt)} ended its run: ${event.outcome} ${textOf(event.detail)}`,
  'attempt.waits': (event, goal, textOf) =>
    `${titleOf(goal, event.attempt, textOf)}: waits (${event.wait.cause}; ${actorName(goal, event.wait.owner)} acts next)`,
  'attempt.claimed': (event, goal, textOf) =>
    `${agentOf(goal, event.attempt)} says ${event.claim}: ${textOf(event.summary)}`,
  'attempt.progressed': (event, goal, textOf) => `${agentOf(goal, event.attempt)}: ${textOf(event.note)}`,
  'attempt.handed-over': (event, goal, textOf) =>
    `${titleOf(goal, event.attempt, textOf)}: handed over from ${actorName(goal, event.from)} to ${event.to === event.from ? 'a fresh session' : actorName(goal, event.to)} (${event.cause})`,
  'check.ended': (event, goal, textOf) =>
    `check ${event.result}: ${titleOf(goal, event.attempt, textOf)} (${event.files} files)`,
  'merge.ended': (event, goal, textOf) => `merge ${event.result}: ${titleOf(goal, event.attempt, textOf)}`,
  'collision.seen': (event, goal, textOf) =>
    `collision (${event.kind}): ${event.attempts.map((id) => titleOf(goal, id, textOf)).join(' and ')}, ${event.count} files`,
  'collision.acted': (event) => `collision: ${event.action}`,
  'attempt.handed': (event, goal, textOf) =>
    `${titleOf(goal, event.attempt, textOf)}: its conflict goes to ${actorName(goal, event.to)}`,
  'batch.ordered': (event) => `${event.members.length} attempts are merged together`,
  'task.ended': (event, goal, textOf) => `task ${event.status}: ${textOf(goal.tasks[event.task]?.title ?? null)}`,
  'item.opened': (event, goal, textOf) =>
    `NEEDS YOU ${event.kind}: ${textOf(event.title)} (aios inbox answer ${goal.id} ${event.item} ...)`,
  'item.closed': (event, goal) => `answered: ${event.answer ?? 'withdrawn'} (${actorName(goal, event.by)})`,
  'goal.check-ended': (event) => `check of the whole: ${event.result}`,
  'guard.intervened': (event, goal, textOf) =>
    `${event.attempt === null ? 'the goal' : agentOf(goal, event.attempt)} ${describeIntervention(event)}. ${textOf(event.evidence)}`,
  'goal.paused': () => 'goal paused',
  'goal.held': () => 'goal paused, its runs interrupted',
  'goal.continued': () => 'goal continued',
  'goal.stuck': () => 'goal is stuck',
  'goal.stopped': () => 'goal stopped',
  'accept.ended': (event, _, textOf) => `accept: ${event.result} ${textOf(event.detail)}`,
};

/** What a goal's event means, in one line; null for events that only machines care about. */
export function sentenceOf(world: World, goalId: string, event: NumberedEvent): string | null {
  const goal = world.goals[goalId];
  if (!goal || event.stream !== `goal/${goalId}`) return null;
  const data = eventOf<GoalEvent>(event);
  // The table pairs each wording with its own event; looking it up loses that pairing.
  const word = WORDING[data.type] as ((event: GoalEvent, goal: Goal, textOf: TextOf) => string) | undefined;
  return word ? oneLine(word(data, goal, textsIn(world.texts)), 400) : null;
}
