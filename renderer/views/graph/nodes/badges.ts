import { crewOf } from '#protocol/model/goal/ready.ts';
import type { Attempt, Goal, Task } from '#protocol/model/goal/state.ts';
import { TASK_OVER } from '#protocol/model/goal/status.ts';

/** What a badge on a card says; `again` and `due` hold a moment, the others a word or a number. */
export interface Badge {
  readonly kind:
    | 'guard'
    | 'again'
    | 'due'
    | 'reviewing'
    | 'review'
    | 'approved'
    | 'sentBack'
    | 'race'
    | 'each'
    | 'escalated'
    | 'need';
  readonly value: string;
}

/** A role as people know it: its only agent's name, else the role. */
function roleName(goal: Goal, role: string): string {
  const agents = crewOf(goal).filter((agent) => agent.role === role);
  return agents.length === 1 && agents[0] ? agents[0].name : role;
}

/** Who judges the work, or what was said of it. */
function reviewBadges(goal: Goal, task: Task, last: Attempt | undefined): Badge[] {
  const back: Badge[] = (task.sentBack ?? 0) > 0 ? [{ kind: 'sentBack', value: String(task.sentBack) }] : [];
  if (last?.verdict?.approved === true) return [{ kind: 'approved', value: '' }];
  const reviewer = last?.wait?.cause === 'review' ? goal.agents[last.wait.owner] : undefined;
  if (reviewer) return [{ kind: 'reviewing', value: reviewer.name }, ...back];
  if (back.length > 0 || task.spec?.review === undefined || TASK_OVER.has(task.status)) return back;
  return [{ kind: 'review', value: roleName(goal, task.spec.review.role) }];
}

/** What a card says besides title, state and owner, the most urgent first. */
export function badgesOf(goal: Goal, task: Task): Badge[] {
  const badges: Badge[] = [];
  const say = (holds: boolean, kind: Badge['kind'], value: number | string = '') =>
    holds && badges.push({ kind, value: String(value) });
  const { spec = {} } = task;
  const over = TASK_OVER.has(task.status);
  const guarded = task.attempts.reduce((sum, id) => sum + (goal.interventions[id]?.length ?? 0), 0);
  say(guarded > 0, 'guard', guarded);
  say(task.notBefore !== undefined && task.status === 'open', 'again', task.notBefore);
  say(task.dueAt !== undefined && !over, 'due', task.dueAt);
  badges.push(...reviewBadges(goal, task, goal.attempts[task.attempts.at(-1) ?? '']));
  say(task.escalated === true, 'escalated');
  say(spec.race !== undefined && task.raced !== true && !over, 'race', spec.race);
  say(spec.each !== undefined && !over, 'each');
  say(spec.need !== undefined && spec.need < task.dependsOn.length && !over, 'need', spec.need);
  return badges;
}

/** How a gate stands, as its card says it. */
export function gateState(task: Task): 'closed' | 'waiting' | 'passed' | 'failed' | 'skipped' {
  switch (task.status) {
    case 'active':
    case 'unverified':
      return 'waiting';
    case 'done':
      return 'passed';
    case 'failed':
      return 'failed';
    case 'cancelled':
      return 'skipped';
    default:
      return 'closed';
  }
}
