import { heldBy, openCollisions } from '#protocol/model/goal/collide.ts';
import type { Collision } from '#protocol/model/goal/collision.ts';
import type { Attempt } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER } from '#protocol/model/goal/status.ts';
import type { GoalCommand, Sighting } from './command.ts';
import type { Draft } from './draft.ts';
import { endLeasesOver, giveLease } from './leases.ts';
import { putToWait } from './put-to-wait.ts';
import { orderCheck } from './run-order.ts';

/** What the radar found: new collisions are noted and acted on once, those that are gone are cleared. Saying it again changes nothing. */
export function collisionsFound(draft: Draft, command: Extract<GoalCommand, { type: 'collisions' }>): void {
  for (const sighting of command.seen) see(draft, sighting);
  const there = new Set(command.seen.map((sighting) => sighting.collision));
  for (const id of command.looked) {
    if (!there.has(id) && draft.goal.collisions[id]?.clearedAt === null)
      draft.emit({ type: 'collision.cleared', collision: id, why: 'gone' });
  }
}

const isOver = (draft: Draft, attempt: string) => ATTEMPT_OVER.has(draft.goal.attempts[attempt]?.status ?? 'failed');

function see(draft: Draft, sighting: Sighting): void {
  // Ended while the radar looked.
  if (sighting.attempts.some((attempt) => isOver(draft, attempt))) return;
  note(draft, sighting);
  const collision = draft.goal.collisions[sighting.collision];
  if (collision) actOn(draft, collision);
}

/** Notes a collision unless exactly this is known. */
export function note(draft: Draft, { collision, kind, attempts, elsewhere, files: paths }: Sighting): void {
  const files = draft.context.keep(paths.join('\n'));
  const known = draft.goal.collisions[collision];
  const same = known?.clearedAt === null && known.kind === kind && known.files.hash === files.hash;
  if (same && known.count === paths.length) return;
  draft.emit({
    type: 'collision.seen',
    collision,
    kind,
    attempts: [...attempts],
    elsewhere,
    files,
    count: paths.length,
  });
}

/** The policy, once a pair. What is only shown, or settled by the check, is not acted on. */
function actOn(draft: Draft, { id, kind, attempts, action, files }: Collision): void {
  if (action !== null || kind === 'same-file' || kind === 'semantic') return;
  const [first = '', second] = attempts;
  // Nobody can be made to wait for another goal, or for what is merged.
  const policy = kind === 'conflict' && second !== undefined ? draft.goal.onCollision : 'warn';
  draft.emit({ type: 'collision.acted', collision: id, action: policy });
  if (policy === 'hand-over') giveLease(draft, first, files);
}

/** Clears collisions and leases of attempts that have ended. */
export function clearEnded(draft: Draft): void {
  for (const { id, kind, attempts } of openCollisions(draft.goal)) {
    const ended = kind === 'semantic' ? attempts.slice(-1) : attempts;
    if (!ended.some((attempt) => isOver(draft, attempt))) continue;
    const [first = '', second] = attempts;
    const merged = second !== undefined && draft.goal.attempts[first]?.status === 'merged' && !isOver(draft, second);
    draft.emit({ type: 'collision.cleared', collision: id, why: merged ? 'merged' : 'ended' });
  }
  endLeasesOver(draft);
}

/** Checks work that is done, or lets it wait where earlier work is to be merged first. */
export function checkInOrder(draft: Draft, attempt: Attempt): void {
  const first = heldBy(draft.goal, attempt.id);
  if (!first) return orderCheck(draft, attempt);
  putToWait(draft, attempt, { cause: 'sequence', owner: first.agent, on: first.task }, null);
}

/** Work that waited for earlier work goes on: its check brings in what was merged. */
export function wakeSequenced(draft: Draft): void {
  for (const attempt of Object.values(draft.goal.attempts)) {
    if (attempt.status === 'waiting' && attempt.wait?.cause === 'sequence' && !heldBy(draft.goal, attempt.id))
      orderCheck(draft, attempt);
  }
}
