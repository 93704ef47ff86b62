import type { FileLease } from '#protocol/model/goal/collision.ts';
import { ATTEMPT_OVER } from '#protocol/model/goal/status.ts';
import type { PayloadRef } from '#protocol/model/payload.ts';
import type { GoalCommand } from './command.ts';
import { type Draft, refuseWith } from './draft.ts';

const MINUTE_MS = 60_000;
/** What a lease by policy lasts: as long as an agent may take one. */
const LONGEST_MINUTES = 60;
/** Leases one attempt may have. */
const MOST_LEASES = 20;

const isLive = (draft: Draft, lease: FileLease) => lease.until > draft.context.now;

/**
 * Takes files for an attempt, or takes them for longer. Which globs overlap is not known here, since events hold no
 * paths: the caller has compared them with the leases it names, and any other lease refuses the command.
 */
export function takeLease(draft: Draft, command: Extract<GoalCommand, { type: 'take-lease' }>): void {
  const { attempt } = draft.liveRun(command.run);
  const leases = Object.values(draft.goal.leases);
  const unseen = leases.some(
    (lease) => lease.holder !== attempt.id && isLive(draft, lease) && !command.compared.includes(lease.id),
  );
  if (unseen)
    refuseWith('lease-changed', 'Another file lease was taken meanwhile.', 'It may be for these files.', 'Try again.');
  const until = draft.context.now + command.minutes * MINUTE_MS;
  const own = command.renews === null ? undefined : draft.goal.leases[command.renews];
  if (own?.holder === attempt.id) return draft.emit({ type: 'lease.renewed', lease: own.id, until });
  if (leases.filter((lease) => lease.holder === attempt.id).length >= MOST_LEASES)
    refuseWith('too-many-leases', `You hold ${MOST_LEASES} file leases.`, 'That is the most.', 'Release some first.');
  const paths = draft.context.keep(command.paths);
  draft.emit({ type: 'lease.taken', lease: draft.id('lease'), holder: attempt.id, paths, until });
}

/** Gives an attempt files by policy. */
export function giveLease(draft: Draft, holder: string, paths: PayloadRef): void {
  const until = draft.context.now + LONGEST_MINUTES * MINUTE_MS;
  draft.emit({ type: 'lease.taken', lease: draft.id('lease'), holder, paths, until });
}

/** An agent gives its leases back. */
export function releaseLeases(draft: Draft, run: string): void {
  const { attempt } = draft.liveRun(run);
  for (const lease of Object.values(draft.goal.leases))
    if (lease.holder === attempt.id) draft.emit({ type: 'lease.ended', lease: lease.id, why: 'released' });
}

/** A lease's time may be over; one that was renewed goes on. */
export function leaseDue(draft: Draft, id: string): void {
  const lease = draft.goal.leases[id];
  if (lease && !isLive(draft, lease)) draft.emit({ type: 'lease.ended', lease: id, why: 'expired' });
}

/** Leases end with their attempt. */
export function endLeasesOver(draft: Draft): void {
  for (const lease of Object.values(draft.goal.leases)) {
    if (ATTEMPT_OVER.has(draft.goal.attempts[lease.holder]?.status ?? 'failed'))
      draft.emit({ type: 'lease.ended', lease: lease.id, why: 'over' });
  }
}
