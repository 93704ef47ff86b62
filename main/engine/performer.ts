import type { StoredEvent } from '#main/ports/journal/port.ts';

/** An effect to perform. */
export interface Performance {
  /** The key: id of the event that ordered it. Redelivery has the same. */
  readonly id: string;
  readonly kind: string;
  /** Stream that ordered it, and its id without the kind. */
  readonly stream: string;
  readonly subject: string;
  readonly event: StoredEvent;
  /** True when an earlier start may already have performed it, wholly or in part. */
  readonly redelivered: boolean;
  /** Aborted when the orchestrator stops; the effect is then redelivered at the next start. */
  readonly signal: AbortSignal;
}

/** The report of an effect: a command on a stream, or null when nothing is to be said. */
export type Report = { readonly stream: string; readonly command: unknown } | null;

/** Performs effects of one kind. Expected failures are reports; a throw is a bug and is retried, then surfaced. */
export type Performer = (performance: Performance) => Promise<Report>;
