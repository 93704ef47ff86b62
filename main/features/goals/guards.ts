import type { GuardName } from '#protocol/model/goal/guard.ts';
import { stoppedBy } from '#protocol/model/goal/interventions.ts';
import type { Attempt, Run } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER } from '#protocol/model/goal/status.ts';
import type { PayloadRef } from '#protocol/model/payload.ts';
import type { Intervene } from './command.ts';
import { consultOnStuck } from './consult.ts';
import type { Draft } from './draft.ts';
import { putToWait } from './put-to-wait.ts';
import { orderCheck } from './run-order.ts';

/** A guard stepped in: it is recorded, and a run it stops is interrupted. What comes after the end of its run is void. */
export function intervene(draft: Draft, command: Intervene): void {
  const { guard, action, evidence } = command;
  const run = command.run === null ? undefined : draft.goal.runs[command.run];
  const attempt = command.attempt === null ? undefined : draft.goal.attempts[command.attempt];
  if (command.attempt !== null && !attempt) return;
  const live = run !== undefined && run.status !== 'ended' && attempt?.runs.at(-1) === run.id;
  if (action !== 'refused' && attempt && (!live || ATTEMPT_OVER.has(attempt.status))) return;
  draft.emit({
    type: 'guard.intervened',
    guard,
    action,
    attempt: command.attempt,
    run: command.run,
    evidence: draft.context.keep(evidence),
  });
  if (action === 'interrupted' && live && attempt)
    draft.emit({ type: 'run.interrupt-ordered', run: run.id, attempt: attempt.id, by: 'system' });
}

/** What is recorded when a claim of being done is not taken for done. */
export function refuseClaim(
  draft: Draft,
  attempt: Attempt,
  why: string,
  action: 'refused' | 'noticed' = 'refused',
): void {
  const evidence = draft.context.keep(why);
  const run = attempt.runs.at(-1) ?? null;
  draft.emit({ type: 'guard.intervened', guard: 'false-done', action, attempt: attempt.id, run, evidence });
}

const TITLES: Readonly<Partial<Record<GuardName, string>>> = {
  loop: 'The agent repeats itself and was stopped. Let it go on?',
  stall: 'The agent makes no progress and was stopped. Let it go on?',
};

/** A run that a guard stopped: work that was claimed is checked, anything else waits for the CEO with the evidence. */
export function stoppedByGuard(draft: Draft, run: Run, attempt: Attempt): boolean {
  const stopped = stoppedBy(draft.goal, attempt.id, run.id);
  if (!stopped) return false;
  const kind = draft.task(attempt.task).kind;
  if (attempt.claim?.kind === 'done' && kind === 'work') orderCheck(draft, attempt);
  else if (consultOnStuck(draft, attempt, `it was stopped (${stopped.guard})`, null)) return true;
  else waitStuck(draft, attempt, TITLES[stopped.guard] ?? 'A guard stopped the agent. Let it go on?', stopped.evidence);
  return true;
}

function waitStuck(draft: Draft, attempt: Attempt, title: string, evidence: PayloadRef): void {
  putToWait(draft, attempt, { cause: 'stuck', owner: 'ceo' }, { kind: 'stuck', title, detail: evidence });
}
