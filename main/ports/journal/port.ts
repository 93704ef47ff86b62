import type { PayloadRef } from '#protocol/model/payload.ts';

/** One event as it is stored. `data` is JSON without free text. */
export interface StoredEvent {
  /** Position in the journal, from 1, without gaps. */
  readonly sequence: number;
  readonly id: string;
  readonly stream: string;
  /** Position in its stream, from 1, without gaps. */
  readonly version: number;
  readonly type: string;
  /** Wall-clock milliseconds. */
  readonly at: number;
  readonly epoch: number;
  readonly command: string;
  readonly data: unknown;
}

/** An event about to be appended; sequence and epoch are given by the journal. */
export interface NewEvent {
  readonly id: string;
  readonly type: string;
  readonly at: number;
  /** JSON text. */
  readonly data: string;
}

/** An effect ordered by an event. Its key is the event's id. */
export interface NewOrder {
  readonly id: string;
  readonly kind: string;
  /** Wall-clock milliseconds before which it is not performed; null performs at once. */
  readonly dueAt: number | null;
}

/** An order that no command has settled yet. */
export interface OpenOrder extends NewOrder {
  readonly stream: string;
  /** Epoch in which it was ordered. */
  readonly epoch: number;
  readonly event: StoredEvent;
}

/** All that one command changes. Stored in one transaction or not at all. */
export interface Batch {
  readonly command: string;
  /** The command's id was made for this batch: no earlier one can have it, and none is looked for. */
  readonly fresh?: boolean;
  readonly stream: string;
  /** Version the decision was made on. */
  readonly expectedVersion: number;
  readonly events: readonly NewEvent[];
  readonly payloads: ReadonlyArray<PayloadRef & { readonly text: string }>;
  readonly orders: readonly NewOrder[];
  /** Orders this command reports on. */
  readonly settles: readonly string[];
}

/** How an append ended. `duplicate`: the command was stored before; `conflict`: the stream has moved on. */
export type Appended =
  | { readonly kind: 'appended'; readonly firstSequence: number }
  | { readonly kind: 'duplicate'; readonly receipt: Receipt }
  | { readonly kind: 'conflict'; readonly version: number };

/** What a stored command did. */
export interface Receipt {
  readonly command: string;
  readonly stream: string;
  readonly firstSequence: number;
  /** `firstSequence - 1` when the command stored no event. */
  readonly lastSequence: number;
}

/** A stored state of one stream, to shorten replay. */
export interface StreamSnapshot {
  readonly stream: string;
  readonly version: number;
  /** Version of the state's shape; a reader that expects another ignores the snapshot. */
  readonly shape: number;
  /** JSON text. */
  readonly state: string;
}

/** What opening the journal found. */
export interface Opened {
  /** Counts starts; everything done from now on carries it. */
  readonly epoch: number;
  readonly lastSequence: number;
  /** Secret key for payload hashes, base64. Never leaves the data folder. */
  readonly payloadKey: string;
}

/**
 * The durable store of the core. One owner at a time: `open` fails with `JournalOwned` while another process holds it.
 * A rejected `append` means the write failed and nothing later may be acknowledged: the caller closes, reopens, replays.
 */
export interface Journal {
  open(): Promise<Opened>;
  /** Resolves only when the batch is durable. `onCommitted` runs in journal order, before the promise resolves. */
  append(batch: Batch, onCommitted: (firstSequence: number) => void): Promise<Appended>;
  /** Hands every snapshot, then every event after its stream's snapshot, in order. */
  replay(onSnapshot: (snapshot: StreamSnapshot) => boolean, onEvents: (events: StoredEvent[]) => void): Promise<void>;
  /** Events with a sequence above `after`, at most `limit`, in order. */
  read(after: number, limit: number): Promise<StoredEvent[]>;
  openOrders(): Promise<OpenOrder[]>;
  receipt(command: string): Promise<Receipt | undefined>;
  payloads(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Deletes payload texts for good; events that refer to them stay valid. */
  forget(ids: readonly string[]): Promise<void>;
  saveSnapshot(snapshot: StreamSnapshot): Promise<void>;
  /** Recomputes the hash chain. Resolves with the first sequence that does not fit, or null. */
  verify(): Promise<number | null>;
  close(): Promise<void>;
}

/** Another orchestrator owns the data folder. */
export class JournalOwned extends Error {
  override readonly name = 'JournalOwned';
}

/** The journal could not be read or written; the message says why. */
export class JournalFailed extends Error {
  override readonly name = 'JournalFailed';
}
