import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { BELL_BYTES, createBell } from './bell.ts';

/** Both ends of one bell. */
function ends() {
  const memory = new SharedArrayBuffer(BELL_BYTES);
  return { engine: createBell(memory), writer: createBell(memory) };
}

describe('a bell', () => {
  it('gives an answer that was left once', () => {
    const { engine, writer } = ends();
    engine.expect(7);
    expect(engine.taken()).toBeUndefined();
    expect(writer.leave(7, 2 ** 40)).toBe(true);
    expect(engine.taken()).toBe(2 ** 40);
    expect([engine.taken(), engine.withdraw()]).toEqual([undefined, undefined]);
  });

  it('takes no answer that nobody looks out for, and none over one that was not taken', () => {
    const { engine, writer } = ends();
    expect(writer.leave(1, 1)).toBe(false);
    engine.expect(2);
    expect(writer.leave(3, 1)).toBe(false);
    expect(engine.withdraw()).toBeUndefined();
    expect(writer.leave(2, 1)).toBe(false);
    engine.expect(4);
    expect([writer.leave(4, 40), writer.leave(5, 50)]).toEqual([true, false]);
    expect(engine.withdraw()).toBe(40);
  });

  it('ends a wait that began after the ring', () => {
    const { engine, writer } = ends();
    const heard = writer.rings();
    engine.ring();
    expect([writer.wait(heard, 60_000), writer.look(heard, 60_000)]).toEqual([true, true]);
    expect([writer.wait(writer.rings(), 1), writer.look(writer.rings(), 1)]).toEqual([false, false]);
  });

  it('sends every answer exactly one way, however leaving and withdrawing meet', async () => {
    const memory = new SharedArrayBuffer(BELL_BYTES);
    const bell = createBell(memory);
    const rounds = 5_000;
    // Both go on to the next append together, so that every round is a race.
    const answered = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(
      `const { workerData, parentPort } = require('node:worker_threads');
       import(${JSON.stringify(new URL('./bell.ts', import.meta.url).href)}).then(({ createBell }) => {
         const { memory, answered } = workerData;
         const bell = createBell(memory);
         const sent = [];
         for (let append = 1; append <= ${rounds}; append += 1) {
           bell.wait(append - 1, Infinity);
           if (!bell.leave(append, append * 10)) sent.push(append);
           Atomics.store(answered, 0, append);
           Atomics.notify(answered, 0);
         }
         parentPort.postMessage(sent);
       });`,
      { eval: true, workerData: { memory, answered } },
    );
    const done = new Promise<number[]>((resolve, reject) => worker.once('message', resolve).once('error', reject));
    const left: number[] = [];
    for (let append = 1; append <= rounds; append += 1) {
      bell.expect(append);
      bell.ring();
      bell.look(append, (append % 20) / 1_000);
      const first = bell.withdraw();
      if (first !== undefined) left.push(first / 10);
      Atomics.wait(answered, 0, append - 1);
    }
    const sent = await done;
    expect([...left, ...sent].toSorted((a, b) => a - b)).toEqual(Array.from({ length: rounds }, (_, i) => i + 1));
    await worker.terminate();
  });
});
