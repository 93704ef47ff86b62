import { err, ok, type Result } from '#main/platform/result.ts';
import type { Batch, NewEvent, Opened, StoredEvent } from '#main/ports/journal/port.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { PayloadRef } from '#protocol/model/payload.ts';
import type { DecideContext } from './area.ts';
import type { Accepted, Engine, EngineParts, ExecuteOptions } from './contract.ts';
import { createFeed } from './feed.ts';
import { createOrders } from './orders.ts';
import { createSeal, type Seal } from './seal.ts';
import { createStreams, type Streams } from './streams.ts';

export type { Accepted, Engine, EngineParts, EngineProblem, ExecuteOptions, StreamHandle } from './contract.ts';

const STORE_FAILED = faultOf(
  'store-failed',
  'The change was not stored.',
  'Writing to the data folder failed; the disk may be full or read-only.',
  'Free space or fix the folder. AIOS reopens the store by itself and nothing acknowledged was lost.',
);

/** See {@link Engine}. */
export function createEngine(parts: EngineParts): Engine {
  const { journal, clock, newId } = parts;
  const streams: Streams = createStreams();
  const feed = createFeed();
  const tails = new Map<string, Promise<unknown>>();
  let opened: Opened | undefined;
  let seal: Seal | undefined;
  let recovering: Promise<void> | undefined;
  /** Why memory may not be decided on; undefined when it equals the disk. */
  let broken: unknown;
  let stopping = false;

  const current = (): Opened => {
    if (!opened) throw new Error('the engine is not open');
    return opened;
  };
  const orders = createOrders({ clock, execute: executeRaw, report: parts.report });

  async function replay(): Promise<void> {
    streams.clear();
    await journal.replay(
      (snapshot) => streams.restore(snapshot),
      (events) => {
        for (const event of events) streams.apply(event);
      },
    );
    feed.reset(current().lastSequence);
  }

  /** A failed write is fail-stop: what is in memory may be ahead of the disk, so it is dropped and read again. */
  function recover(cause: unknown): Promise<void> {
    recovering ??= (async () => {
      broken = cause;
      const message = cause instanceof Error ? cause.message : String(cause);
      parts.report({ kind: 'write-failed', message, recovered: false });
      await journal.close();
      opened = await journal.open();
      await replay();
      await orders.reload(await journal.openOrders());
      broken = undefined;
      parts.report({ kind: 'write-failed', message, recovered: true });
    })().finally(() => {
      recovering = undefined;
    });
    return recovering;
  }

  function executeRaw(
    stream: string,
    command: unknown,
    options: ExecuteOptions = {},
  ): Promise<Result<Accepted, Fault>> {
    const before = tails.get(stream);
    const decide = () => decideAndStore(stream, command, options);
    const mine = before ? before.then(decide) : decide();
    const leave = () => {
      if (tails.get(stream) === settled) tails.delete(stream);
    };
    const settled = mine.then(leave, leave);
    tails.set(stream, settled);
    return mine;
  }

  async function decideAndStore(
    stream: string,
    command: unknown,
    options: ExecuteOptions,
  ): Promise<Result<Accepted, Fault>> {
    if (stopping) return err(faultOf('stopping', 'AIOS is stopping.', 'It takes no new commands.', 'Start it again.'));
    if (
      broken !== undefined &&
      !(await recover(broken).then(
        () => true,
        () => false,
      ))
    )
      return err(STORE_FAILED);
    const id = options.id ?? newId('cmd');
    const payloads: Array<PayloadRef & { text: string }> = [];
    const context: DecideContext = {
      now: clock.now(),
      newId,
      keep: (text) => {
        seal ??= createSeal(current().payloadKey);
        const ref = { id: newId('pl'), hash: seal(text) };
        payloads.push({ ...ref, text });
        return ref;
      },
      epoch: current().epoch,
    };
    const decision = streams.decide(stream, command, context);
    if (decision.kind === 'refused')
      return (await repeated(id, options)) ?? refusedAfter(decision.fault, options, stream);
    const settles = options.settles ?? [];
    if (decision.events.length === 0 && settles.length === 0) {
      return ok({ command: id, stream, sequence: feed.sequence(), repeated: false });
    }
    const { batch } = makeBatch(id, stream, decision.events, payloads, settles, context.now);
    try {
      const fresh = options.id === undefined;
      const appended = await journal.append({ ...batch, fresh }, (first) => commit(batch, first));
      if (appended.kind === 'duplicate') {
        const { receipt } = appended;
        return ok({ command: id, stream: receipt.stream, sequence: receipt.lastSequence, repeated: true });
      }
      if (appended.kind === 'conflict') throw new Error(`${stream} is at ${appended.version}, not where memory is`);
      return ok({
        command: id,
        stream,
        sequence: appended.firstSequence + batch.events.length - 1,
        repeated: false,
      });
    } catch (error) {
      await recover(error).catch(() => undefined);
      return err(STORE_FAILED);
    }
  }

  /** A repeated command whose state has moved on is still the accepted command, not a refusal. */
  async function repeated(id: string, options: ExecuteOptions): Promise<Result<Accepted, Fault> | undefined> {
    if (options.id === undefined) return undefined;
    const receipt = await journal.receipt(id).catch(() => undefined);
    return receipt && ok({ command: id, stream: receipt.stream, sequence: receipt.lastSequence, repeated: true });
  }

  /** A refused report still settles its order: the effect is over, the state no longer wants it. */
  async function refusedAfter(fault: Fault, options: ExecuteOptions, stream: string): Promise<Result<Accepted, Fault>> {
    if (options.settles && options.settles.length > 0) await settleOnly(stream, options.settles);
    return err(fault);
  }

  async function settleOnly(stream: string, settles: readonly string[]): Promise<void> {
    const { batch } = makeBatch(newId('cmd'), stream, [], [], settles, clock.now());
    try {
      await journal.append(batch, () => commit(batch, 0));
    } catch (error) {
      await recover(error).catch(() => undefined);
    }
  }

  function makeBatch(
    id: string,
    stream: string,
    events: ReadonlyArray<{ readonly type: string }>,
    payloads: Batch['payloads'],
    settles: readonly string[],
    at: number,
  ): { batch: Batch } {
    const stored: NewEvent[] = [];
    const ordered: Array<{ id: string; kind: string; dueAt: number | null }> = [];
    for (const event of events) {
      const eventId = newId('evt');
      const { type, ...data } = event;
      stored.push({ id: eventId, type, at, data: JSON.stringify(data) });
      const order = streams.order(stream, event, { id: eventId, at });
      if (order) ordered.push({ id: eventId, ...order });
    }
    return {
      batch: {
        command: id,
        stream,
        expectedVersion: streams.version(stream),
        events: stored,
        payloads,
        orders: ordered,
        settles,
      },
    };
  }

  /** Runs in journal order, synchronously with the writer's answer: memory, then orders, then whoever watches. */
  function commit(batch: Batch, firstSequence: number): void {
    const from = streams.version(batch.stream);
    const { epoch } = current();
    const events: StoredEvent[] = batch.events.map((event, index) => ({
      sequence: firstSequence + index,
      id: event.id,
      stream: batch.stream,
      version: from + index + 1,
      type: event.type,
      at: event.at,
      epoch,
      command: batch.command,
      data: JSON.parse(event.data) as unknown,
    }));
    for (const event of events) streams.apply(event);
    orders.settle(batch.settles);
    for (const order of batch.orders) {
      const event = events.find((candidate) => candidate.id === order.id);
      if (event) orders.add({ ...order, stream: batch.stream, epoch, event }, false);
    }
    feed.publish(events);
  }

  return {
    register(area) {
      streams.register(area);
      return {
        execute: (id, command, options) => executeRaw(`${area.kind}/${id}`, command, options),
        state: (id) => streams.state(`${area.kind}/${id}`) as ReturnType<typeof area.initial> | undefined,
        ids: () => streams.ids(area.kind),
      };
    },
    perform: (kind, performer) => orders.perform(kind, performer),
    async open() {
      opened = await journal.open();
      await replay();
      return opened;
    },
    async resume() {
      await orders.reload(await journal.openOrders());
      orders.start();
    },
    feed,
    orders,
    payloads: (ids) => (ids.length === 0 ? Promise.resolve(new Map()) : journal.payloads(ids)),
    forget: (ids) => journal.forget(ids),
    epoch: () => current().epoch,
    async drained() {
      do {
        await Promise.all(tails.values());
        await orders.idle();
      } while (tails.size > 0);
    },
    async stop() {
      await orders.stop();
      stopping = true;
      await Promise.all(tails.values());
      for (const snapshot of streams.snapshots()) await journal.saveSnapshot(snapshot).catch(() => undefined);
      await journal.close();
    },
  };
}
