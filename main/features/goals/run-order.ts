import type { RunReason } from '#protocol/model/goal/parts.ts';
import type { Attempt } from '#protocol/model/goal/state.ts';
import type { PayloadRef } from '#protocol/model/payload.ts';
import type { Draft } from './draft.ts';
import { orderHandover } from './hand-over.ts';

/**
 * Orders the next run of an attempt. The first starts the session, later ones resume it. A session that is nearly full is
 * succeeded by a fresh one, unless it must replay a call.
 */
export function orderRun(
  draft: Draft,
  attempt: Attempt,
  reason: RunReason,
  parts: {
    about?: readonly PayloadRef[];
    resolved?: ReadonlyArray<{ toolUseId: string; decision: 'allow' | 'deny'; reason: PayloadRef | null }>;
    freshSession?: boolean;
  },
): void {
  const succeeds = attempt.trail.full && (parts.resolved ?? []).length === 0 && reason !== 'first';
  if (succeeds)
    return orderHandover(draft, attempt, {
      to: attempt.agent,
      cause: 'context',
      reason,
      ...(parts.about ? { about: parts.about } : {}),
    });
  const fresh = attempt.runs.length > 0 && parts.freshSession === true;
  draft.emit({
    type: 'run.ordered',
    run: draft.id('run'),
    attempt: attempt.id,
    reason,
    about: [...(parts.about ?? [])],
    resume: attempt.runs.length > 0 && !fresh,
    session: fresh ? sessionId(draft) : null,
    resolved: [...(parts.resolved ?? [])],
  });
}

/** Lets an attempt go on whose run was cut off; one whose first run never came up starts anew. */
export function resume(draft: Draft, attempt: Attempt): void {
  const run = draft.goal.runs[attempt.runs.at(-1) ?? ''];
  const neverStarted = run !== undefined && run.startedAt === null && !run.resume;
  const begins = attempt.trail.handoffs.length > 0 ? 'succeeded' : 'first';
  const reason = neverStarted ? begins : 'resumed';
  orderRun(draft, attempt, reason, { freshSession: neverStarted });
}

/** A UUID made from the injected ids, so that decisions stay pure and tests repeatable. */
export function sessionId(draft: Draft): string {
  const hex = [...draft.id('ses')]
    .map((char) => char.charCodeAt(0).toString(16))
    .join('')
    .padStart(32, '0')
    .slice(-32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Orders the check of an attempt's work. */
export function orderCheck(draft: Draft, attempt: Attempt): void {
  draft.emit({ type: 'check.ordered', attempt: attempt.id });
}

/** The word an attempt waited for came: a call it stopped at is replayed, else a run goes on with the word. */
export function resumeWith(
  draft: Draft,
  attempt: Attempt,
  decision: 'allow' | 'deny',
  reason: PayloadRef | null,
): void {
  const toolUseId = attempt.wait?.toolUseId;
  const resolved = toolUseId ? [{ toolUseId, decision, reason }] : [];
  orderRun(draft, attempt, toolUseId ? 'resolved' : 'answered', {
    resolved,
    about: toolUseId || !reason ? [] : [reason],
  });
}
