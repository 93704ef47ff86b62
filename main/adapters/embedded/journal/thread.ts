import { Worker } from 'node:worker_threads';
import { type Appended, type Batch, JournalFailed, JournalOwned } from '#main/ports/journal/port.ts';
import { createLine, LINE_BYTES, type Line, SLOTS } from './line.ts';
import type { Answer, WriterAnswers, WriterRequest } from './messages.ts';
import { type PackedAnswer, pack, unpackAnswer } from './wire.ts';

/**
 * How long after an append the event loop may turn instead of sleeping, serving whatever else comes, so that a quick
 * commit finds it awake: being woken costs as much as the rest of a command.
 */
const AWAKE_MS = 1;

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
  private readonly line: Line;
  private readonly waiting = new Map<number, Waiting>();
  /** Appends without an answer, in order; settled in that order. */
  private readonly sent: Sent[] = [];
  private readonly onRoom: () => void;
  private number = 0;
  private broken: Error | undefined;
  private awake = false;
  private awakeUntil = 0;

  /** `onRoom` is called when appends were answered. */
  constructor(file: string, onRoom: () => void) {
    this.onRoom = onRoom;
    const memory = new SharedArrayBuffer(LINE_BYTES);
    this.line = createLine(memory);
    this.worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { file, memory } });
    this.worker.on('message', (answers: readonly Answer[]) => {
      this.collect();
      for (const answer of answers) {
        this.settle(answer);
        this.collect();
      }
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
    const number = this.post({ kind: 'append', packed: pack(appends.map((each) => each.batch)) });
    this.sent.push({ number, appends });
    // A slow disk is not waited for.
    if (this.line.took() < AWAKE_MS) this.stayAwake();
  }

  /** Whether no append waits for its answer. */
  idle(): boolean {
    return this.sent.length === 0;
  }

  /** Whether as many appends wait as answers can be held for. */
  full(): boolean {
    const first = this.sent[0];
    return first !== undefined && this.number - first.number >= SLOTS - 1;
  }

  async end(): Promise<void> {
    this.broken = new JournalFailed('the journal is closed');
    await this.worker.terminate();
  }

  private post(request: WriterRequest): number {
    this.number += 1;
    this.worker.postMessage({ number: this.number, request });
    this.line.ring();
    return this.number;
  }

  private stayAwake(): void {
    this.awakeUntil = performance.now() + AWAKE_MS;
    if (this.awake) return;
    this.awake = true;
    this.line.awake(true);
    setImmediate(this.turn);
  }

  private readonly turn = (): void => {
    this.collect();
    if (this.sent.length > 0 && performance.now() < this.awakeUntil) {
      setImmediate(this.turn);
      return;
    }
    this.awake = false;
    this.line.awake(false);
    // What was shown before the writer could know that this thread sleeps.
    this.collect();
  };

  /** Settles what the writer has shown, up to an append that a message answers. */
  private collect(): void {
    const shown = this.line.shown();
    for (let next = this.sent[0]; next && isShown(next.number, shown); next = this.sent[0]) {
      let first = this.line.firstSequence(next.number);
      if (first === 0) return;
      this.sent.shift();
      for (const append of next.appends) {
        settleOne(append, { kind: 'appended', firstSequence: first });
        first += append.batch.events.length;
      }
      this.onRoom();
    }
  }

  private settle(answer: Answer): void {
    if (this.sent[0]?.number === answer.number) {
      this.settleAppends(answer);
      return;
    }
    const waiting = this.waiting.get(answer.number);
    this.waiting.delete(answer.number);
    if (answer.ok) waiting?.resolve(answer.value);
    else waiting?.reject(failureOf(answer));
  }

  private settleAppends(answer: Answer): void {
    const appends = this.sent.shift()?.appends ?? [];
    const results = answer.ok ? (answer.value as PackedAnswer) : [];
    for (const [index, append] of appends.entries()) {
      const result = results[index];
      if (result === undefined) append.reject(answer.ok ? new JournalFailed('no answer') : failureOf(answer));
      else settleOne(append, unpackAnswer(result));
    }
    this.onRoom();
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

/** Shown numbers are 32 bits wide and wrap. */
function isShown(number: number, shown: number): boolean {
  return ((shown - number) | 0) >= 0;
}

function failureOf(answer: Extract<Answer, { ok: false }>): Error {
  return answer.owned ? new JournalOwned(answer.message) : new JournalFailed(answer.message);
}
