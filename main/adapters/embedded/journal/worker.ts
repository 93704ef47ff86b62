import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { createBell } from './bell.ts';
import type { Answer, Numbered, WriterAnswers, WriterRequest } from './messages.ts';
import type { PackedAnswer } from './wire.ts';
import { Writer } from './writer.ts';

/** Thread of the durable writer: takes everything that has arrived, commits it once, answers. */
const port = parentPort;
if (!port) throw new Error('the journal writer runs in a worker thread');
const { file, memory } = workerData as { file: string; memory: SharedArrayBuffer };
const bell = createBell(memory);
let writer: Writer | undefined;

function open(): Writer {
  writer ??= new Writer(file);
  return writer;
}

type Other = Exclude<WriterRequest, { kind: 'append' }>;

function perform(request: Other): WriterAnswers[Other['kind']] {
  if (request.kind === 'close') {
    // What was never opened is not opened to be closed: that would write into a folder nobody uses.
    writer?.close();
    writer = undefined;
    return null;
  }
  const store = open();
  switch (request.kind) {
    case 'open':
      return store.open();
    case 'snapshots':
      return store.snapshots();
    case 'read':
      return store.read(request.after, request.limit);
    case 'orders':
      return store.openOrders();
    case 'receipt':
      return store.receipt(request.command) ?? null;
    case 'payloads':
      return store.payloads(request.ids);
    case 'forget':
      store.forget(request.ids);
      return null;
    case 'save-snapshot':
      store.saveSnapshot(request.snapshot);
      return null;
    case 'verify':
      return store.verify();
  }
}

function failure(number: number, error: unknown): Answer {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const owned = code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED');
  return { number, ok: false, owned, message: error instanceof Error ? error.message : String(error) };
}

/** Most appends in one transaction, so that the first of them does not wait for ever under load. */
const LARGEST_GROUP = 1_000;
/** Characters; a row of the log can hold some hundred million. */
const LONGEST_GROUP = 8_000_000;

function receive(from: MessagePort): Numbered | undefined {
  return receiveMessageOnPort(from)?.message as Numbered | undefined;
}

/** A lone append that was stored is answered through the bell when it is looked out for there. */
function leftOnBell(answers: readonly Answer[]): boolean {
  const [only, other] = answers;
  if (!only?.ok || other) return false;
  const [first, second] = only.value as PackedAnswer;
  return typeof first === 'number' && second === undefined && bell.leave(only.number, first);
}

/**
 * Group commit: appends that arrive while others are being inserted join their transaction and so share one flush to
 * disk. All are answered by one message, a lone one through the bell. Returns the first request that is no append.
 */
function appendGroup(first: Numbered, from: MessagePort): Numbered | undefined {
  const answers: Answer[] = [];
  const numbers: number[] = [];
  let next: Numbered | undefined = first;
  let count = 0;
  let length = 0;
  try {
    const store = open();
    store.begin();
    while (next?.request.kind === 'append' && count < LARGEST_GROUP && length < LONGEST_GROUP) {
      numbers.push(next.number);
      const { packed, fresh } = next.request;
      const value: PackedAnswer = store.append(packed, fresh);
      length += packed.length;
      answers.push({ number: next.number, ok: true, value });
      count += value.length;
      next = receive(from);
    }
    store.commit();
    if (!leftOnBell(answers)) from.postMessage(answers);
    return next;
  } catch (error) {
    writer?.rollback(error);
    const failed =
      next?.request.kind === 'append' && !numbers.includes(next.number) ? [...numbers, next.number] : numbers;
    from.postMessage(failed.map((number) => failure(number, error)));
    return next?.request.kind === 'append' ? undefined : next;
  }
}

function performOne({ number, request }: Numbered): Answer {
  try {
    return { number, ok: true, value: perform(request as Other) };
  } catch (error) {
    return failure(number, error);
  }
}

/** How long a lively writer looks for the next request before it sleeps. An idle one uses no processor. */
const LOOK_MS = 0.1;
/** After so long without a request a burst is over, and what it left is put in order so that no commit has to. */
const QUIET_MS = 200;
/** After so long everything is put in order. */
const IDLE_MS = 5_000;

/** Puts in order until done or until somebody rings. */
function tidy(heard: number, soon: boolean): void {
  try {
    while (bell.rings() === heard && writer?.tidy(soon));
  } catch {
    // Nothing stored is at risk: it stays in the log. If the disk is at fault, the next commit fails and says so.
  }
}

/** Whether the last request came quickly, as from a client that commands one after the other. Then the next may too. */
let lively = false;
for (;;) {
  // Counted before looking, so that what arrives while looking ends the wait below at once.
  const heard = bell.rings();
  let next = receive(port);
  while (next) {
    if (next.request.kind === 'append') next = appendGroup(next, port);
    else {
      port.postMessage([performOne(next)]);
      next = undefined;
    }
    next ??= receive(port);
  }
  const from = performance.now();
  if (!(lively && bell.look(heard, LOOK_MS)) && !bell.wait(heard, QUIET_MS)) {
    tidy(heard, true);
    if (!bell.wait(heard, IDLE_MS)) {
      tidy(heard, false);
      bell.wait(heard, Number.POSITIVE_INFINITY);
    }
  }
  lively = performance.now() - from < LOOK_MS;
}
