import type { Clock } from '#main/platform/clock.ts';
import { failpoint } from '#main/platform/failpoint.ts';
import type { Result } from '#main/platform/result.ts';
import type { OpenOrder } from '#main/ports/journal/port.ts';
import type { Fault } from '#protocol/model/fault.ts';
import type { Accepted, EngineProblem, ExecuteOptions } from './contract.ts';
import { createDueQueue } from './due.ts';
import type { Performer } from './performer.ts';
import { splitStream } from './streams.ts';

/** What the order book needs from the engine. */
export interface OrderParts {
  readonly clock: Clock;
  readonly execute: (stream: string, command: unknown, options: ExecuteOptions) => Promise<Result<Accepted, Fault>>;
  readonly report: (problem: EngineProblem) => void;
}

/** The open effects: performed at most one at a time per key, redelivered after a restart. */
export interface OrderBook {
  perform(kind: string, performer: Performer): void;
  add(order: OpenOrder, redelivered: boolean): void;
  settle(ids: readonly string[]): void;
  /** Replaces the book by what the journal holds; what is being performed goes on. */
  reload(orders: readonly OpenOrder[]): Promise<void>;
  start(): void;
  /** Orders that are open now. */
  open(): readonly OpenOrder[];
  /** Waits until nothing that is due is being performed. */
  idle(): Promise<void>;
  /** Aborts what is being performed and waits for it; the orders stay open for the next start. */
  stop(): Promise<void>;
}

const ATTEMPTS_AFTER_THROW = 3;
const BACKOFF_MS = 500;
/** Settled orders that may wait among the others until their time has come, whatever their share. */
const SETTLED_KEPT = 1_000;

/** See {@link OrderBook}. */
export function createOrders({ clock, execute, report }: OrderParts): OrderBook {
  const performers = new Map<string, Performer>();
  const open = new Map<string, { readonly order: OpenOrder; readonly redelivered: boolean }>();
  /** Orders that are not due yet. Settled ones stay a while and are passed over. */
  let due = createDueQueue();
  let timer: { readonly at: number; readonly cancel: () => void } | undefined;
  const performing = new Map<string, Promise<void>>();
  const abort = new AbortController();
  let started = false;

  function consider(id: string): void {
    const entry = open.get(id);
    if (!started || !entry || performing.has(id) || abort.signal.aborted) return;
    const { dueAt } = entry.order;
    if (dueAt !== null && dueAt > clock.now()) {
      due.push(id, dueAt);
      wakeAt(dueAt);
      return;
    }
    const work = attempt(id, 1).finally(() => {
      performing.delete(id);
    });
    performing.set(id, work);
  }

  /** One timer for all: the soonest. */
  function wakeAt(at: number): void {
    if (timer && timer.at <= at) return;
    timer?.cancel();
    const cancel = clock.after(at - clock.now(), () => {
      timer = undefined;
      for (let id = due.take(clock.now()); id !== undefined; id = due.take(clock.now())) consider(id);
      const next = due.next();
      if (next !== undefined && !abort.signal.aborted) wakeAt(next);
    });
    timer = { at, cancel };
  }

  async function attempt(id: string, number: number): Promise<void> {
    const entry = open.get(id);
    if (!entry) return;
    try {
      await performOnce(entry.order, entry.redelivered || number > 1);
    } catch (error) {
      if (abort.signal.aborted) return;
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      report({ kind: 'effect-threw', order: id, effect: entry.order.kind, message });
      if (number >= ATTEMPTS_AFTER_THROW) return;
      await pause(BACKOFF_MS * number);
      if (!abort.signal.aborted) await attempt(id, number + 1);
    }
  }

  /** Ends early when the book stops, so that stopping never waits for a timer. */
  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = clock.after(ms, resolve);
      abort.signal.addEventListener(
        'abort',
        () => {
          cancel();
          resolve();
        },
        { once: true },
      );
    });
  }

  async function performOnce(order: OpenOrder, redelivered: boolean): Promise<void> {
    const performer = performers.get(order.kind);
    if (!performer) throw new Error(`nobody performs ${order.kind}`);
    failpoint('before-perform');
    const { id, kind, stream, event } = order;
    const result = await performer({
      id,
      kind,
      stream,
      subject: splitStream(stream).id,
      event,
      redelivered,
      signal: abort.signal,
    });
    failpoint('after-perform');
    if (abort.signal.aborted) return;
    failpoint('before-report');
    await execute(result?.stream ?? stream, result?.command ?? { type: 'nothing' }, {
      id: `${id}:report`,
      settles: [id],
    });
    failpoint('after-report');
    if (open.has(id)) throw new Error(`the report of ${kind} was not stored`);
  }

  return {
    perform(kind, performer) {
      performers.set(kind, performer);
    },
    add(order, redelivered) {
      open.set(order.id, { order, redelivered });
      // Not in the same turn: the commit that ordered it is still being published.
      if (order.dueAt === null || order.dueAt <= clock.now()) queueMicrotask(() => consider(order.id));
      else consider(order.id);
    },
    settle(ids) {
      for (const id of ids) open.delete(id);
      // A deadline of days would otherwise keep what was settled within a second.
      if (due.size() > 2 * open.size + SETTLED_KEPT) due.keep((id) => open.has(id));
    },
    async reload(orders) {
      const stored = new Set(orders.map((order) => order.id));
      for (const id of open.keys()) if (!stored.has(id)) open.delete(id);
      for (const order of orders) {
        if (!open.has(order.id)) open.set(order.id, { order, redelivered: true });
      }
      due = createDueQueue();
      if (started) for (const id of open.keys()) consider(id);
    },
    start() {
      started = true;
      for (const id of open.keys()) consider(id);
    },
    open: () => [...open.values()].map((entry) => entry.order),
    async idle() {
      while (performing.size > 0) await Promise.all(performing.values());
    },
    async stop() {
      abort.abort();
      timer?.cancel();
      await Promise.allSettled(performing.values());
    },
  };
}
