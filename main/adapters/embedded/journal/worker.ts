import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
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

/** Group commit: all appends that wait share one transaction and so one flush to disk. */
function appendAll(numbered: readonly Numbered[]): Answer[] {
  const batches = numbered.flatMap(({ request }) => (request.kind === 'append' ? request.batches : []));
  try {
    const results = open().append(batches);
    let from = 0;
    return numbered.map(({ number, request }) => {
      const count = request.kind === 'append' ? request.batches.length : 0;
      const value = results.slice(from, from + count);
      from += count;
      return { number, ok: true, value };
    });
  } catch (error) {
    return numbered.map(({ number }) => failure(number, error));
  }
}

function answerAll(waiting: readonly Numbered[]): Answer[] {
  const answers: Answer[] = [];
  let appends: Numbered[] = [];
  const flush = () => {
    if (appends.length > 0) answers.push(...appendAll(appends));
    appends = [];
  };
  for (const numbered of waiting) {
    if (numbered.request.kind === 'append') {
      appends.push(numbered);
      continue;
    }
    flush();
    try {
      answers.push({ number: numbered.number, ok: true, value: perform(numbered.request) });
    } catch (error) {
      answers.push(failure(numbered.number, error));
    }
  }
  flush();
  return answers;
}

port.on('message', (first: Numbered) => {
  const waiting = [first];
  for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) {
    waiting.push(next.message as Numbered);
  }
  port.postMessage(answerAll(waiting));
});
