import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Answer, Numbered, WriterAnswers, WriterRequest } from './messages.ts';
import { Writer } from './writer.ts';

/** Thread of the durable writer: takes everything that has arrived, commits it once, answers. */
const port = parentPort;
if (!port) throw new Error('the journal writer runs in a worker thread');
const { file } = workerData as { file: string };
let writer: Writer | undefined;

function open(): Writer {
  writer ??= new Writer(file);
  return writer;
}

type Other = Exclude<WriterRequest, { kind: 'append' }>;

function perform(request: Other): WriterAnswers[Other['kind']] {
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
    case 'close':
      store.close();
      return null;
  }
}

function failure(number: number, error: unknown): Answer {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const owned = code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED');
  return { number, ok: false, owned, message: error instanceof Error ? error.message : String(error) };
}

/** Most appends in one transaction, so that the first of them does not wait for ever under load. */
const LARGEST_GROUP = 1_000;

function receive(from: MessagePort): Numbered | undefined {
  return receiveMessageOnPort(from)?.message as Numbered | undefined;
}

/**
 * Group commit: appends that arrive while others are being inserted join their transaction and so share one flush to
 * disk. Answers with what was stored, and with the first request that is no append.
 */
function appendGroup(first: Numbered, from: MessagePort): { answers: Answer[]; next: Numbered | undefined } {
  const answers: Answer[] = [];
  const numbers: number[] = [];
  let next: Numbered | undefined = first;
  let count = 0;
  try {
    const store = open();
    store.begin();
    while (next?.request.kind === 'append' && count < LARGEST_GROUP) {
      numbers.push(next.number);
      answers.push({ number: next.number, ok: true, value: store.append(next.request.batches) });
      count += next.request.batches.length;
      next = receive(from);
    }
    store.commit();
    return { answers, next };
  } catch (error) {
    writer?.rollback(error);
    const failed =
      next?.request.kind === 'append' && !numbers.includes(next.number) ? [...numbers, next.number] : numbers;
    return {
      answers: failed.map((number) => failure(number, error)),
      next: next?.request.kind === 'append' ? undefined : next,
    };
  }
}

function performOne({ number, request }: Numbered): Answer {
  try {
    return { number, ok: true, value: perform(request as Other) };
  } catch (error) {
    return failure(number, error);
  }
}

port.on('message', (first: Numbered) => {
  let next: Numbered | undefined = first;
  while (next) {
    if (next.request.kind === 'append') {
      const group = appendGroup(next, port);
      port.postMessage(group.answers);
      next = group.next ?? receive(port);
    } else {
      port.postMessage([performOne(next)]);
      next = receive(port);
    }
  }
});
