import { Worker } from 'node:worker_threads';
import { type Appended, type Batch, JournalFailed, JournalOwned } from '#main/ports/journal/port.ts';
import { BELL_BYTES, type Bell, createBell } from './bell.ts';
import type { Answer, WriterAnswers, WriterRequest } from './messages.ts';
import { createVigil, type Vigil } from './vigil.ts';
import { type PackedAnswer, pack, unpackAnswer } from './wire.ts';

interface Waiting {
  resolve(value: WriterAnswers[keyof WriterAnswers]): void;
  reject(error: Error): void;
}

/** A batch whose fate somebody waits for. */
export interface WaitingAppend {
  readonly batch: Batch;
  onCommitted(firstSequence: number): void;
  resolve(appended: Appended): void;
  reject(error: Error): void;
}

interface Sent {
  readonly number: number;
  readonly appends: readonly WaitingAppend[];
}

/** One connection to a writer thread; thrown away on failure. */
export class WriterThread {
  private readonly worker: Worker;
  private readonly bell: Bell;
  private readonly waiting = new Map<number, Waiting>();
  /** Appends without an answer, in order; settled in that order. */
  private readonly sent: Sent[] = [];
  private readonly vigil: Vigil;
  private number = 0;
  private broken: Error | undefined;

  constructor(file: string) {
    const memory = new SharedArrayBuffer(BELL_BYTES);
    this.bell = createBell(memory);
    this.vigil = createVigil({
      look: () => this.settleLeft(this.bell.taken()),
      giveUp: () => this.settleLeft(this.bell.withdraw()),
      now: () => performance.now(),
      nextTurn: setImmediate,
    });
    this.worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { file, memory } });
    this.worker.on('message', (answers: readonly Answer[]) => {
      // What was left on the bell came before this.
      this.settleLeft(this.bell.taken());
      for (const answer of answers) this.settle(answer);
    });
    this.worker.on('error', (error) => this.fail(error instanceof Error ? error : new Error(String(error))));
    this.worker.on('exit', () => this.fail(new Error('the writer thread ended')));
  }

  /** Everything but appends. */
  request<K extends WriterRequest['kind']>(request: Extract<WriterRequest, { kind: K }>): Promise<WriterAnswers[K]> {
    if (this.broken) return Promise.reject(this.broken);
    return new Promise((resolve, reject) => {
      const number = this.post(request);
      this.waiting.set(number, { resolve: (value) => resolve(value as WriterAnswers[K]), reject });
    });
  }

  /** Like `request`, but the callbacks run synchronously with the answer, so that order is kept. */
  append(appends: readonly WaitingAppend[]): void {
    // A thread that ended answers nothing: without this the command would wait for ever.
    const { broken } = this;
    if (broken) {
      for (const append of appends) append.reject(broken);
      return;
    }
    const packed = pack(appends.map((each) => each.batch));
    const fresh = appends.map((each) => each.batch.fresh === true);
    const lone = this.sent.length === 0 && appends.length === 1 && this.vigil.keep();
    this.sent.push({ number: this.post({ kind: 'append', packed, fresh }, lone), appends });
  }

  /** Whether no append waits for its answer. */
  idle(): boolean {
    return this.sent.length === 0;
  }

  async end(): Promise<void> {
    this.broken = new JournalFailed('the journal is closed');
    await this.worker.terminate();
  }

  /** `lookedFor`: the answer may be left on the bell. */
  private post(request: WriterRequest, lookedFor = false): number {
    this.number += 1;
    if (lookedFor) this.bell.expect(this.number);
    this.worker.postMessage({ number: this.number, request });
    this.bell.ring();
    return this.number;
  }

  /** Only the oldest append is ever looked out for. */
  private settleLeft(firstSequence: number | undefined): void {
    const number = this.sent[0]?.number;
    if (firstSequence !== undefined && number !== undefined) {
      this.settleAppends({ number, ok: true, value: [firstSequence] });
    }
  }

  private settle(answer: Answer): void {
    if (this.sent[0]?.number === answer.number) {
      // Answered by a message all the same: it was no plain success, or came together with others.
      this.bell.withdraw();
      this.settleAppends(answer);
      return;
    }
    const waiting = this.waiting.get(answer.number);
    this.waiting.delete(answer.number);
    if (answer.ok) waiting?.resolve(answer.value);
    else waiting?.reject(failureOf(answer));
  }

  private settleAppends(answer: Answer): void {
    this.vigil.over();
    const appends = this.sent.shift()?.appends ?? [];
    const results = answer.ok ? (answer.value as PackedAnswer) : [];
    for (const [index, append] of appends.entries()) {
      const result = results[index];
      if (result === undefined) append.reject(answer.ok ? new JournalFailed('no answer') : failureOf(answer));
      else settleOne(append, unpackAnswer(result));
    }
  }

  private fail(cause: Error): void {
    const error = new JournalFailed(cause.message);
    this.broken = error;
    const all = [...this.waiting.values(), ...this.sent.splice(0).flatMap((each) => each.appends)];
    this.waiting.clear();
    for (const waiting of all) waiting.reject(error);
  }
}

/** A listener that throws has lost track of what is stored: its caller is told, who reopens, and the others go on. */
function settleOne(append: WaitingAppend, appended: Appended): void {
  try {
    if (appended.kind === 'appended') append.onCommitted(appended.firstSequence);
    append.resolve(appended);
  } catch (error) {
    append.reject(error instanceof Error ? error : new Error(String(error)));
  }
}

function failureOf(answer: Extract<Answer, { ok: false }>): Error {
  return answer.owned ? new JournalOwned(answer.message) : new JournalFailed(answer.message);
}
