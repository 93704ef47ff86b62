import type { Clock } from '#main/platform/clock.ts';
import type { NewId } from '#main/platform/ids.ts';
import type { Result } from '#main/platform/result.ts';
import type { Journal, Opened } from '#main/ports/journal/port.ts';
import type { Fault } from '#protocol/model/fault.ts';
import type { Area } from './area.ts';
import type { Feed } from './feed.ts';
import type { OrderBook } from './orders.ts';
import type { Performer } from './performer.ts';

/** Committed: the command's effect on its stream is durable. */
export interface Accepted {
  readonly command: string;
  readonly stream: string;
  /** Sequence of the last event; what a caller waits for in a feed. */
  readonly sequence: number;
  /** The same command was accepted before; nothing was stored now. */
  readonly repeated: boolean;
}

/** How a command is identified and what it settles. */
export interface ExecuteOptions {
  /** Same id, same command: executed at most once. */
  readonly id?: string;
  readonly settles?: readonly string[];
}

/** Typed access to the streams of one area. */
export interface StreamHandle<State, Command> {
  execute(id: string, command: Command, options?: ExecuteOptions): Promise<Result<Accepted, Fault>>;
  state(id: string): State | undefined;
  ids(): readonly string[];
}

/** What the engine is made of. */
export interface EngineParts {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly newId: NewId;
  /** Hears what must not be lost silently: a failed write, an effect that threw. */
  readonly report: (problem: EngineProblem) => void;
}

/** Something the operator must know of. */
export type EngineProblem =
  | { readonly kind: 'write-failed'; readonly message: string; readonly recovered: boolean }
  | { readonly kind: 'effect-threw'; readonly order: string; readonly effect: string; readonly message: string };

/** Durable execution: commands in, events stored, effects performed, reports back in. Knows no feature. */
export interface Engine {
  register<State, Command, Event extends { readonly type: string }>(
    area: Area<State, Command, Event>,
  ): StreamHandle<State, Command>;
  perform(kind: string, performer: Performer): void;
  /** Opens the journal and replays; nothing is performed yet. */
  open(): Promise<Opened>;
  /** Redelivers open orders and starts performing. */
  resume(): Promise<void>;
  readonly feed: Feed;
  readonly orders: OrderBook;
  payloads(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  forget(ids: readonly string[]): Promise<void>;
  epoch(): number;
  /** Waits until no command is being decided and no due order is being performed. */
  drained(): Promise<void>;
  /** Stops performing, saves snapshots, closes. */
  stop(): Promise<void>;
}
