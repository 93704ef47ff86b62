import { branchOf, childrenOf, dependenciesMet, failureIsPlanned, isSettled } from '#protocol/model/goal/branch.ts';
import type { Task } from '#protocol/model/goal/state.ts';
import type { PayloadRef } from '#protocol/model/payload.ts';
import type { GoalCommand } from './command.ts';
import { setDeadline } from './deadline.ts';
import { type Draft, refuseWith } from './draft.ts';
import { expand } from './fan-out.ts';
import { endTask } from './steps.ts';

/**
 * Moves the nodes no agent works on: branches that are not taken are skipped, gates and sub-plans begin and end. Again
 * until nothing changes, since one lets the next begin.
 */
export function settleNodes(draft: Draft): void {
  if (draft.goal.paused) return;
  // While a plan waits for approval what has begun may end, and nothing new begins.
  const begins = draft.goal.status !== 'awaiting-approval';
  const moves = (task: Task) => close(draft, task) || (begins && (skip(draft, task) || open(draft, task)));
  for (let moved = true; moved; ) {
    moved = false;
    for (const { id } of Object.values(draft.goal.tasks)) {
      if (moves(draft.task(id))) moved = true;
    }
  }
}

function skip(draft: Draft, task: Task): boolean {
  if (task.status !== 'open' || branchOf(draft.goal, task) !== 'skip') return false;
  skipWithChildren(draft, task);
  return true;
}

function skipWithChildren(draft: Draft, task: Task): void {
  draft.emit({ type: 'task.skipped', task: task.id });
  for (const child of childrenOf(draft.goal, task.id)) {
    if (child.status === 'open') skipWithChildren(draft, child);
  }
}

function open(draft: Draft, task: Task): boolean {
  if (task.status !== 'open' || (task.kind !== 'gate' && task.kind !== 'group')) return false;
  if (!dependenciesMet(draft.goal, task) || branchOf(draft.goal, task) !== 'go') return false;
  if (task.spec?.each !== undefined && !expand(draft, task)) return false;
  const gate = task.kind === 'gate' ? task.spec?.gate : undefined;
  const until = gate?.kind === 'timer' ? draft.context.now + gate.ms : null;
  draft.emit({ type: 'node.opened', task: task.id, until, check: gate?.kind === 'check' });
  setDeadline(draft, task.id);
  if (gate?.kind === 'approval') ask(draft, task);
  return true;
}

function ask(draft: Draft, task: Task): void {
  draft.emit({
    type: 'item.opened',
    item: draft.id('item'),
    kind: 'gate',
    task: task.id,
    attempt: null,
    title: task.title,
    detail: task.brief.id === task.title.id ? null : task.brief,
  });
}

/** A sub-plan ends with the last of its nodes. */
function close(draft: Draft, task: Task): boolean {
  if (task.kind !== 'group' || task.status !== 'active') return false;
  const children = childrenOf(draft.goal, task.id);
  if (!children.every((child) => isSettled(draft.goal, child))) return false;
  endTask(draft, task.id, 'done');
  return true;
}

/** How a gate is decided, and by whom. */
export interface GateWord {
  readonly passed: boolean;
  readonly by: string;
  readonly detail: PayloadRef | null;
}

/** Decides a gate that is open. What came too late changes nothing. */
export function decideGate(draft: Draft, { id }: Task, word: GateWord): void {
  const task = draft.task(id);
  if (task.kind !== 'gate' || task.status !== 'active') return;
  const { passed, by, detail } = word;
  draft.emit({ type: 'gate.decided', task: id, result: passed ? 'passed' : 'failed', by, detail });
  if (passed) return endTask(draft, id, 'done');
  failNode(draft, task, 'The gate is closed.', detail);
}

/** Fails a node without an agent; the CEO hears of it unless the plan says what follows. */
export function failNode(draft: Draft, task: Task, title: string, detail: PayloadRef | null): void {
  endTask(draft, task.id, 'failed');
  if (failureIsPlanned(draft.goal, task.id)) return;
  draft.emit({
    type: 'item.opened',
    item: draft.id('item'),
    kind: 'stuck',
    task: task.id,
    attempt: null,
    title: draft.context.keep(title),
    detail,
  });
}

/** A timer gate's time is over. `until` names the opening it was set for. */
export function nodeDue(draft: Draft, command: Extract<GoalCommand, { type: 'node-due' }>): void {
  const task = draft.goal.tasks[command.task];
  if (task?.opened?.until !== command.until || task.spec?.gate?.kind !== 'timer') return;
  decideGate(draft, task, { passed: true, by: 'system', detail: null });
}

/** The command of a check gate has ended. */
export function gateChecked(draft: Draft, command: Extract<GoalCommand, { type: 'gate-checked' }>): void {
  const task = draft.goal.tasks[command.task];
  if (task?.opened?.at !== command.openedAt) return;
  decideGate(draft, task, { passed: command.passed, by: 'system', detail: draft.text(command.output) });
}

/** Something happened outside: every open gate that waits for it by name opens. */
export function signal(draft: Draft, command: Extract<GoalCommand, { type: 'signal' }>): void {
  const waiting = Object.values(draft.goal.tasks).filter(
    ({ spec, status }) => status === 'active' && spec?.gate?.kind === 'event' && spec.gate.name === command.name,
  );
  if (waiting.length === 0)
    refuseWith(
      'no-such-gate',
      `No gate waits for "${command.name}".`,
      'Nothing of this goal listens for it now.',
      'Look at the plan for the names of its gates.',
    );
  for (const task of waiting) {
    decideGate(draft, task, { passed: command.passed, by: command.by, detail: draft.text(command.note) });
  }
}

/** A task's wait before its next attempt is over. */
export function taskDue(draft: Draft, id: string): void {
  const task = draft.goal.tasks[id];
  if (task?.notBefore === undefined || draft.context.now < task.notBefore) return;
  draft.emit({ type: 'task.delayed', task: id, until: null });
}

/** Whether something will move by itself: a gate that is not the CEO's, or a retry that waits. */
export function movesByItself({ goal }: Draft): boolean {
  return Object.values(goal.tasks).some(
    (task) =>
      (task.kind === 'gate' && task.status === 'active') || (task.status === 'open' && task.notBefore !== undefined),
  );
}
