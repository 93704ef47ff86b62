import type { PayloadRef } from '../payload.ts';
import type { HandoffCause } from './handoff.ts';
import type { RunReason } from './parts.ts';

/** One replacement within an attempt. `packet` is null until it is made. */
export interface Handoff {
  readonly from: string;
  readonly to: string;
  readonly run: string | null;
  readonly cause: HandoffCause;
  readonly reason: RunReason;
  readonly about: readonly PayloadRef[];
  readonly packet: PayloadRef | null;
  readonly at: number;
}

/** What failed in an attempt, oldest first. */
export interface Failure {
  readonly kind: 'check' | 'conflict' | 'merge' | 'run';
  readonly at: number;
  readonly output: PayloadRef | null;
}

/** What an attempt leaves behind for whoever goes on with it. */
export interface Trail {
  readonly handoffs: readonly Handoff[];
  readonly failures: readonly Failure[];
  /** What it said of its progress, oldest first. */
  readonly notes: readonly PayloadRef[];
  /** Its session has nearly filled the model's context: the next run is a successor's. */
  readonly full: boolean;
  /** The run before which its workspace was last restored. */
  readonly restored: string | null;
}

/** The trail of an attempt that has just begun. */
export const NO_TRAIL: Trail = { handoffs: [], failures: [], notes: [], full: false, restored: null };
