import { describe, expect, it } from 'vitest';
import { createOrders } from './orders.ts';
import { manualClock } from './test-kit.ts';

/** An order book whose reports are stored at once. */
function book() {
  const clock = manualClock();
  const performed: string[] = [];
  const orders = createOrders({
    clock,
    execute: async (stream, _command, { settles = [] }) => {
      orders.settle(settles);
      return { ok: true, value: { command: 'c', stream, sequence: 1, repeated: false } };
    },
    report: (problem) => {
      throw new Error(JSON.stringify(problem));
    },
  });
  orders.perform('test', async ({ id }) => {
    performed.push(id);
    return null;
  });
  orders.start();
  const order = (id: string, dueAt: number) => {
    const stored = { id, stream: 'test/a', version: 1, epoch: 1, sequence: 1, at: clock.now(), data: {} };
    const event = { ...stored, type: 'ordered', command: 'c' };
    orders.add({ id, kind: 'test', stream: 'test/a', epoch: 1, event, dueAt }, false);
  };
  return { clock, orders, order, performed };
}

describe('orders', () => {
  it('are performed when they are due, however many were settled before their time', async () => {
    const { clock, orders, order, performed } = book();
    const from = clock.now();
    order('kept', from + 60_000);
    for (let count = 0; count < 5_000; count += 1) {
      order(`settled ${count}`, from + 30_000 + count);
      orders.settle([`settled ${count}`]);
    }
    order('soon', from + 40_000);
    clock.advance(40_000);
    await orders.idle();
    expect(performed).toEqual(['soon']);
    clock.advance(19_999);
    await orders.idle();
    expect(performed).toEqual(['soon']);
    clock.advance(1);
    await orders.idle();
    expect(performed).toEqual(['soon', 'kept']);
  });
});
