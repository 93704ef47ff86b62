import { failureIsPlanned } from '#protocol/model/goal/branch.ts';
import { crewOf } from '#protocol/model/goal/ready.ts';
import type { Attempt, Goal, Task } from '#protocol/model/goal/state.ts';
import { TASK_OVER } from '#protocol/model/goal/status.ts';
import type { PayloadRef } from '#protocol/model/payload.ts';
import type { Draft } from './draft.ts';
import { putToWait } from './put-to-wait.ts';
import { orderRun } from './run-order.ts';

/** Times the Lead is asked about one task, and in a goal; then the CEO is. */
const ASKED_ABOUT_ONE = 2;
const ASKED_IN_ALL = 8;

/** Whether a task is the Lead's look at another task that does not get on. */
export function isConsultation(task: Task): boolean {
  return task.kind === 'plan' && task.about !== null;
}

function consultations(goal: Goal): Task[] {
  return Object.values(goal.tasks).filter(isConsultation);
}

/**
 * Asks the Lead to put the plan right around a task that failed or whose agent is stuck: a planning task of its own, with
 * what went wrong. Its id, or null where there is no Lead to ask or it was asked often enough.
 */
function consult(draft: Draft, task: Task, cause: string): string | null {
  const { goal } = draft;
  const lead = crewOf(goal).find((agent) => agent.lead && !goal.pausedAgents.includes(agent.id));
  if (!lead || goal.solo !== null || goal.board || task.kind !== 'work') return null;
  const before = consultations(goal);
  const about = before.filter((each) => each.about === task.id);
  if (before.length >= ASKED_IN_ALL || about.length >= ASKED_ABOUT_ONE) return null;
  const id = draft.id('task');
  draft.emit({
    type: 'task.added',
    task: id,
    kind: 'plan',
    title: task.title,
    brief: draft.context.keep(`Task ${task.id} does not get on: ${cause}.`),
    assignee: { kind: 'agent', agent: lead.id },
    dependsOn: [],
    proposed: false,
    by: 'system',
    about: task.id,
  });
  return id;
}

/** A task failed for good: the Lead looks at it before the CEO does. False: there is nobody to ask. */
export function consultOnFailure(draft: Draft, task: Task, cause: string): boolean {
  return consult(draft, task, cause) !== null;
}

/** An agent cannot go on: it waits for the Lead's word. False: there is nobody to ask. */
export function consultOnStuck(draft: Draft, attempt: Attempt, cause: string, detail: PayloadRef | null): boolean {
  const on = consult(draft, draft.task(attempt.task), cause);
  if (on === null) return false;
  const owner = draft.task(on).assignee;
  const lead = owner.kind === 'agent' ? owner.agent : 'system';
  putToWait(draft, attempt, { cause: 'stuck', owner: lead, on }, null);
  if (detail !== null && attempt.note === null)
    draft.emit({ type: 'attempt.progressed', attempt: attempt.id, note: detail });
  return true;
}

/** What a consultation is about, for the Lead's prompt: how the attempt ended, or what its agent said. */
export function whatWentWrong(draft: Draft, consultation: Task): PayloadRef[] {
  const task = draft.goal.tasks[consultation.about ?? ''];
  const attempt = draft.goal.attempts[task?.attempts.at(-1) ?? ''];
  const stopped = draft.goal.interventions?.[attempt?.id ?? '']?.at(-1)?.evidence;
  return [attempt?.detail ?? attempt?.claim?.summary ?? stopped ?? attempt?.wait?.detail ?? null].filter(
    (each) => each !== null,
  );
}

/** The Lead has looked: who waited for it goes on with its word, and what is still not right is the CEO's. */
export function settleConsultations(draft: Draft): void {
  if (draft.goal.planFile?.edit) return;
  for (const { id } of consultations(draft.goal)) {
    const consultation = draft.task(id);
    if (!TASK_OVER.has(consultation.status)) continue;
    const waiting = Object.values(draft.goal.attempts).find(
      (each) => each.status === 'waiting' && each.wait?.cause === 'stuck' && each.wait.on === id,
    );
    if (waiting) answer(draft, waiting, consultation);
    else askCeo(draft, consultation);
  }
}

function wordOf(draft: Draft, consultation: Task): PayloadRef | null {
  const attempts = consultation.attempts.map((each) => draft.attempt(each));
  return attempts.findLast((each) => each.claim !== null)?.claim?.summary ?? null;
}

function answer(draft: Draft, attempt: Attempt, consultation: Task): void {
  const word = wordOf(draft, consultation);
  if (consultation.status === 'done') return orderRun(draft, attempt, 'advised', { about: word ? [word] : [] });
  putToWait(
    draft,
    attempt,
    { cause: 'stuck', owner: 'ceo' },
    { kind: 'stuck', title: 'The agent cannot go on, and the Lead did not help. Help it?', detail: word },
  );
}

/** Only the newest look at a task that is still failed, and only once. */
function askCeo(draft: Draft, consultation: Task): void {
  const task = draft.goal.tasks[consultation.about ?? ''];
  if (task?.status !== 'failed' || failureIsPlanned(draft.goal, task.id)) return;
  const newest = consultations(draft.goal).findLast((each) => each.about === task.id);
  const asked = Object.values(draft.goal.items).some((item) => item.task === task.id && !item.closed);
  if (newest?.id !== consultation.id || asked) return;
  draft.emit({
    type: 'item.opened',
    item: draft.id('item'),
    kind: 'stuck',
    task: task.id,
    attempt: task.attempts.at(-1) ?? null,
    title: draft.context.keep('The task failed, and the Lead did not put it right. Try again?'),
    detail: wordOf(draft, consultation) ?? draft.goal.attempts[task.attempts.at(-1) ?? '']?.detail ?? null,
  });
}
