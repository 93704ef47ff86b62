import { ANSWERS } from '#protocol/model/goal/answers.ts';
import type { Answer } from '#protocol/model/goal/parts.ts';
import { crewOf } from '#protocol/model/goal/ready.ts';
import type { Attempt, Item } from '#protocol/model/goal/state.ts';
import type { PayloadRef } from '#protocol/model/payload.ts';
import { ruleOn } from './arbitration.ts';
import type { GoalCommand } from './command.ts';
import { stop } from './control.ts';
import { extendDeadline } from './deadline.ts';
import { type Draft, refuseWith } from './draft.ts';
import { decideGate, failNode } from './nodes.ts';
import { approvePlan, closePlanItems } from './plan.ts';
import { answerPlanEdit } from './plan-file.ts';
import { answerReview } from './review.ts';
import { orderRun, resumeWith } from './run-order.ts';
import { cancelAttempt, endTask, retry } from './steps.ts';
import { failOver } from './succession.ts';

/** The CEO's answer to an inbox item. */
export function answerItem(draft: Draft, command: Extract<GoalCommand, { type: 'answer' }>): void {
  const item = draft.goal.items[command.item];
  if (!item)
    return refuseWith(
      'no-such-item',
      `There is no item ${command.item}.`,
      'It is not part of this goal.',
      'Look at the inbox.',
    );
  if (item.closed)
    return refuseWith(
      'answered',
      'This was answered already.',
      'An answer is used once.',
      'Look at the inbox for what is open.',
    );
  if (!ANSWERS[item.kind].includes(command.answer)) {
    return refuseWith(
      'wrong-answer',
      `"${command.answer}" does not answer this.`,
      `It takes: ${ANSWERS[item.kind].join(', ')}.`,
      'Choose one of these.',
    );
  }
  if (item.about !== undefined) return ruleOn(draft, item, command);
  const text = draft.text(command.text);
  // Nothing of an empty plan can start: refused before the question is taken as answered.
  if (item.kind === 'plan' && command.answer === 'allow') return approvePlan(draft, command.by);
  draft.emit({ type: 'item.closed', item: item.id, answer: command.answer, text, by: command.by });
  if (command.answer === 'stop') stopAt(draft, item, command.by);
  else actOn(draft, item, command.answer, text);
}

/** What is about the whole, a plan included, stops the whole; what is about a task ends that task. */
function stopAt(draft: Draft, item: Item, by: string): void {
  const node = draft.goal.tasks[item.task ?? ''];
  // A gate that is stopped stays closed.
  if (node?.kind === 'gate') return failNode(draft, node, 'You stopped at this gate.', null);
  if (item.kind === 'plan') cancelGhosts(draft);
  if (item.kind === 'plan' || !item.task) return stop(draft, by);
  for (const id of draft.task(item.task).attempts) cancelAttempt(draft, id, 'stopped by the CEO');
  endTask(draft, item.task, 'cancelled');
}

function actOn(draft: Draft, item: Item, answer: Answer, text: PayloadRef | null): void {
  if (item.kind === 'plan') return turnDown(draft, item, text);
  if (item.kind === 'plan-edit') return answerPlanEdit(draft, item, answer === 'allow');
  if (item.kind === 'review') return answerReview(draft, item, answer === 'allow', text);
  if (item.kind === 'gate')
    return decideGate(draft, draft.task(item.task ?? ''), { passed: answer === 'allow', by: 'ceo', detail: text });
  if (item.kind === 'deadline') return extendDeadline(draft, item.task ?? '');
  if (!item.attempt) return retryAfterStuck(draft, item);
  const attempt = draft.attempt(item.attempt);
  if (attempt.wait?.on !== item.id) return retryAfterStuck(draft, item);
  if (answer === 'failover') return failOver(draft, attempt, text);
  switch (item.kind) {
    case 'approval':
      remember(draft, attempt, answer, text ?? item.detail);
      return resumeWith(draft, attempt, answer === 'deny' ? 'deny' : 'allow', answer === 'deny' ? text : null);
    case 'question':
      return resumeWith(draft, attempt, 'allow', text);
    case 'unverified':
      if (answer === 'accept') return acceptUnproved(draft, attempt);
      return orderRun(draft, attempt, 'answered', { about: text ? [text] : [] });
    case 'conflict':
      return orderRun(draft, attempt, text ? 'answered' : 'conflict', {
        about: [text, item.detail].flatMap((ref) => ref ?? []),
      });
    default:
      return orderRun(draft, attempt, text ? 'answered' : 'resumed', { about: text ? [text] : [] });
  }
}

/** The CEO stands for the work: no review is wanted beyond that. */
function acceptUnproved(draft: Draft, attempt: Attempt): void {
  const files = attempt.files ?? 0;
  const proof = { result: 'passed' as const, commit: null, exitCode: null, output: null, files };
  draft.emit({ type: 'check.ended', attempt: attempt.id, ...proof });
}

/** Allows a command again: for the attempt, or for the agent for good. */
function remember(draft: Draft, attempt: Attempt, answer: Answer, pattern: PayloadRef | null): void {
  if (pattern === null || (answer !== 'allow-session' && answer !== 'allow-always')) return;
  const only = answer === 'allow-session' ? attempt.id : null;
  draft.emit({ type: 'permission.remembered', agent: attempt.agent, pattern, attempt: only });
}

function cancelGhosts(draft: Draft): void {
  for (const task of Object.values(draft.goal.tasks))
    if (task.status === 'proposed') endTask(draft, task.id, 'cancelled');
}

/** The plan goes back to the Lead, with the CEO's words as the brief of planning anew. */
function turnDown(draft: Draft, item: Item, text: PayloadRef | null): void {
  closePlanItems(draft, 'deny', 'ceo');
  cancelGhosts(draft);
  const planned = item.task ? draft.goal.tasks[item.task] : undefined;
  const lead = crewOf(draft.goal).find((agent) => agent.lead);
  // A plan that was there from the start is made anew by the Lead; without one nobody could.
  const assignee = planned?.assignee ?? (lead === undefined ? null : { kind: 'agent' as const, agent: lead.id });
  const brief = text ?? planned?.brief ?? draft.goal.text;
  if (assignee === null || brief === null) return stop(draft, 'ceo');
  draft.emit({
    type: 'task.added',
    task: draft.id('task'),
    kind: 'plan',
    title: planned?.title ?? draft.context.keep('Plan the goal'),
    brief,
    assignee,
    dependsOn: [],
    proposed: false,
    by: 'ceo',
    about: null,
  });
}

function retryAfterStuck(draft: Draft, item: Item): void {
  if (!item.task && draft.goal.status === 'stuck') draft.emit({ type: 'goal.check-ordered' });
  if (item.task && draft.task(item.task).status === 'failed') retry(draft, item.task, 'ceo');
}
