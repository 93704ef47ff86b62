import { z } from 'zod';
import { type PayloadRef, payloadRef } from '../payload.ts';

const id = z.string();

/** What AIOS does about a conflict it sees coming; fixed when the goal is stated. */
export const collisionPolicy = z.enum(['warn', 'sequence', 'hand-over']);

/**
 * `conflict`: git could not merge the two. `same-file`: both changed a file and git can merge it. `leased`: one changes
 * what the other has leased. `semantic`: they merge, each passes its check, and together they fail it.
 */
export const collisionKind = z.enum(['conflict', 'same-file', 'leased', 'semantic']);

/** Events about work that gets into each other's way, about file leases, and about merging several at once. No free text. */
export const collisionEvents = [
  z.strictObject({
    type: z.literal('collision.seen'),
    collision: id,
    kind: collisionKind,
    /** The earlier work first; one alone collides with what is merged, or with `elsewhere`. */
    attempts: z.array(id).min(1).max(2),
    /** Work of another goal on the same target. */
    elsewhere: z.strictObject({ goal: id, attempt: id }).nullable(),
    /** Paths, one a line. */
    files: payloadRef,
    count: z.number().int(),
  }),
  z.strictObject({
    type: z.literal('collision.cleared'),
    collision: id,
    /** `merged`: the earlier work is merged, the later now meets it on the goal branch. */
    why: z.enum(['gone', 'merged', 'ended']),
  }),
  /** What was done about it by policy; the evidence is the collision. */
  z.strictObject({ type: z.literal('collision.acted'), collision: id, action: collisionPolicy }),
  z.strictObject({
    type: z.literal('lease.taken'),
    lease: id,
    holder: id,
    /** Globs, one a line. */
    paths: payloadRef,
    until: z.number(),
  }),
  z.strictObject({ type: z.literal('lease.renewed'), lease: id, until: z.number() }),
  z.strictObject({
    type: z.literal('lease.ended'),
    lease: id,
    /** `over`: its attempt has ended. */
    why: z.enum(['expired', 'released', 'over']),
  }),
  /** These attempts are merged together, in order, and verified once. */
  z.strictObject({ type: z.literal('batch.ordered'), batch: id, members: z.array(id).min(2) }),
] as const;

/** See {@link collisionPolicy}. */
export type CollisionPolicy = z.infer<typeof collisionPolicy>;
/** See {@link collisionKind}. */
export type CollisionKind = z.infer<typeof collisionKind>;
/** See {@link collisionEvents}. */
export type CollisionEvent = z.infer<(typeof collisionEvents)[number]>;

/** Work that gets into other work's way. */
export interface Collision {
  readonly id: string;
  readonly kind: CollisionKind;
  /** Attempts of this goal, the earlier first. */
  readonly attempts: readonly string[];
  readonly elsewhere: { readonly goal: string; readonly attempt: string } | null;
  readonly files: PayloadRef;
  readonly count: number;
  readonly seenAt: number;
  readonly clearedAt: number | null;
  /** What was done about it; stays when it is cleared, so that nobody is told twice. */
  readonly action: CollisionPolicy | null;
}

/** Files that one attempt has to itself for a while. */
export interface FileLease {
  readonly id: string;
  /** The attempt that has them. */
  readonly holder: string;
  /** Globs, one a line. */
  readonly paths: PayloadRef;
  /** Wall-clock milliseconds. */
  readonly until: number;
}
