import type { HandoffCause } from '#protocol/model/goal/handoff.ts';
import type { RunReason } from '#protocol/model/goal/parts.ts';
import type { Attempt } from '#protocol/model/goal/state.ts';
import type { PayloadRef } from '#protocol/model/payload.ts';
import type { Draft } from './draft.ts';

/** Who succeeds, and what the successor's first run is for. */
export interface Succession {
  readonly to: string;
  readonly cause: HandoffCause;
  /** `succeeded` unless the run is ordered for something of its own, such as a failed check. */
  readonly reason?: RunReason;
  readonly about?: readonly PayloadRef[];
}

/**
 * Replaces the instance that works at an attempt. Its run, if it is up, is interrupted; the workspace, the branch and what
 * was delegated stay. The successor's run is ordered when its packet is there.
 */
export function orderHandover(draft: Draft, attempt: Attempt, { to, cause, reason, about }: Succession): void {
  const run = attempt.runs.at(-1) ?? null;
  const status = draft.goal.runs[run ?? '']?.status;
  if (run !== null && status === 'running')
    draft.emit({ type: 'run.interrupt-ordered', run, attempt: attempt.id, by: 'system' });
  // One that never came up says no more; its process, if it is just starting, is turned away.
  if (run !== null && status === 'ordered')
    draft.emit({
      type: 'run.ended',
      run,
      attempt: attempt.id,
      outcome: 'interrupted',
      detail: null,
      usage: null,
      full: false,
    });
  const item = draft.goal.items[attempt.wait?.on ?? ''];
  if (item && !item.closed) draft.emit({ type: 'item.closed', item: item.id, answer: null, text: null, by: 'system' });
  draft.emit({
    type: 'attempt.handover-ordered',
    attempt: attempt.id,
    from: attempt.agent,
    to,
    run,
    cause,
    reason: reason ?? 'succeeded',
    about: [...(about ?? [])],
  });
}
