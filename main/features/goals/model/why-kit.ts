import type { Goal, Task } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER } from '#protocol/model/goal/status.ts';
import { whyOf, whysOf } from '#protocol/model/goal/why.ts';
import { keyOf, type Why, type WhyAction, type WhySubject } from '#protocol/model/goal/why-parts.ts';
import { sayWhy } from '#protocol/model/goal/why-words.ts';

const MOVING: ReadonlySet<string> = new Set(['preparing', 'running', 'verifying', 'merging']);

/** Whether somebody works for a task, runs its command, or does so for a part of it. */
function isBusy(goal: Goal, task: Task): boolean {
  if (task.status !== 'active' && task.status !== 'unverified') return false;
  const parts = Object.values(goal.tasks).filter((each) => task.kind === 'group' && each.spec?.parent === task.id);
  const works = task.attempts.some((id) => MOVING.has(goal.attempts[id]?.status ?? ''));
  return works || task.spec?.gate?.kind === 'check' || parts.some((each) => isBusy(goal, each));
}

function stillTasks(goal: Goal): string[] {
  return Object.values(goal.tasks).flatMap((task) => {
    const side = task.kind === 'reply' || task.kind === 'review';
    const over = ['done', 'cancelled'].includes(task.status) || (task.status === 'failed' && side);
    return over || (isBusy(goal, task) && goal.status !== 'stopped') ? [] : [task.id];
  });
}

/** All that is neither over nor moving, told without the code under test. */
function standsStill(goal: Goal): WhySubject[] {
  if (goal.status === null || goal.status === 'accepted') return [];
  const of = (kind: WhySubject['kind'], ids: readonly string[]) => ids.map((id): WhySubject => ({ kind, id }));
  const attempts = Object.values(goal.attempts).filter((each) => !ATTEMPT_OVER.has(each.status));
  const moving = attempts.filter((each) => MOVING.has(each.status));
  const checking = Object.values(goal.tasks).some((task) => task.kind === 'gate' && isBusy(goal, task));
  const busy = new Set(moving.map((each) => each.agent));
  const whole =
    goal.status === 'verifying' || goal.accepting || goal.rejecting !== null || moving.length > 0 || checking;
  const idle = Object.keys(goal.agents).filter((id) => !goal.dismissed.includes(id) && !busy.has(id));
  const items = Object.values(goal.items).filter((item) => item.closed === null);
  return [
    ...of('goal', whole && goal.status !== 'stopped' ? [] : [goal.id]),
    ...of('task', stillTasks(goal)),
    ...of(
      'attempt',
      attempts.filter((each) => !MOVING.has(each.status)).map((each) => each.id),
    ),
    ...of(
      'merge',
      goal.mergeQueue.filter((id) => goal.attempts[id]?.status === 'merge-queued'),
    ),
    ...of('agent', idle),
    ...of(
      'item',
      items.map((item) => item.id),
    ),
  ];
}

/** What an action is about must be there, and be what the action is for. */
function canBeDone(goal: Goal, action: WhyAction): boolean {
  switch (action.do) {
    case 'answer':
      return goal.items[action.item]?.closed === null;
    case 'raise-cap':
    case 'look':
      return action.attempt === null || goal.attempts[action.attempt] !== undefined;
    case 'resume-agent':
    case 'unpause-agent':
    case 'give-work':
    case 'answer-message':
      return goal.agents[action.agent] !== undefined;
    case 'retry-task':
      return goal.tasks[action.task]?.status === 'failed';
    case 'assign':
    case 'cancel-task':
      return goal.tasks[action.task] !== undefined;
    case 'unlink':
      return goal.tasks[action.task]?.dependsOn.includes(action.on) ?? false;
    default:
      return true;
  }
}

function wrongIn(goal: Goal, why: Why): string[] {
  const name = keyOf(why.subject);
  const wrong: string[] = [];
  const owns = ['ceo', 'system', ...Object.keys(goal.agents).filter((id) => !goal.dismissed.includes(id))];
  if (!owns.includes(why.owner)) wrong.push(`${name} is owned by "${why.owner}"`);
  if (!canBeDone(goal, why.action)) wrong.push(`${name}: ${JSON.stringify(why.action)} helps nobody`);
  if (keyOf(why.chain[0]?.subject ?? { kind: 'goal', id: '' }) !== name) wrong.push(`${name} does not begin its chain`);
  for (const [place, link] of why.chain.entries()) {
    const next = why.chain[place + 1];
    const follows = link.on.some((on) => next && keyOf(on) === keyOf(next.subject));
    if (next ? !follows : link.on.length > 0) wrong.push(`${name}: its chain breaks at ${keyOf(link.subject)}`);
    if (!(link.since > 0)) wrong.push(`${keyOf(link.subject)} has no since`);
  }
  const seen = why.chain.map((link) => keyOf(link.subject));
  if (new Set(seen).size !== seen.length && why.chain.at(-1)?.cause !== 'circle')
    wrong.push(`${name} comes back to itself`);
  const said = sayWhy(goal, why, (ref) => ref?.id ?? '');
  if (said.sentence === '' || said.actionSays === '' || said.ownerSays === '') wrong.push(`${name} has no words`);
  return wrong;
}

/** Everything that stands still and does not say why, whose turn it is, and what helps. */
export function withoutWhy(goal: Goal): string[] {
  const still = standsStill(goal);
  const told = new Map(whysOf(goal).map((why) => [keyOf(why.subject), why]));
  const names = new Set(still.map(keyOf));
  return [
    ...still.filter((each) => !told.has(keyOf(each))).map((each) => `${keyOf(each)} stands still without a why`),
    ...[...told.keys()].filter((key) => !names.has(key)).map((key) => `${key} moves, or is over, and has a why`),
    ...[...told.values()].flatMap((why) => wrongIn(goal, why)),
    ...still.flatMap((each) => (whyOf(goal, each) === null ? [`${keyOf(each)} has no why when asked alone`] : [])),
  ];
}
