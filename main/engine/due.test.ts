import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDueQueue } from './due.ts';

describe('due queue', () => {
  it('gives out what is due, soonest first, and nothing before', () => {
    const entry = fc.record({ id: fc.uuid(), at: fc.integer({ min: 0, max: 50 }) });
    fc.assert(
      fc.property(fc.array(entry), fc.integer({ min: 0, max: 50 }), (entries, now) => {
        const queue = createDueQueue();
        for (const { id, at } of entries) queue.push(id, at);
        const at = new Map(entries.map((each) => [each.id, each.at]));
        const taken: string[] = [];
        for (let id = queue.take(now); id !== undefined; id = queue.take(now)) taken.push(id);
        const due = entries.filter((each) => each.at <= now);
        expect([...taken].sort()).toEqual(due.map((each) => each.id).sort());
        const times = taken.map((id) => at.get(id) ?? -1);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        const later = entries.filter((each) => each.at > now).map((each) => each.at);
        expect(queue.next()).toBe(later.length === 0 ? undefined : Math.min(...later));
      }),
    );
  });

  it('gives out what is kept as if the others had never come', () => {
    const entries = fc.uniqueArray(fc.record({ id: fc.uuid(), at: fc.nat(50), wanted: fc.boolean() }), {
      selector: (each) => each.id,
    });
    fc.assert(
      fc.property(entries, fc.nat(50), (all, now) => {
        const queue = createDueQueue();
        for (const { id, at } of all) queue.push(id, at);
        const wanted = all.filter((each) => each.wanted);
        queue.keep((id) => wanted.some((each) => each.id === id));
        expect(queue.size()).toBe(wanted.length);
        queue.push('last', now);
        const times: number[] = [];
        for (let at = queue.next(); at !== undefined; at = queue.next()) {
          times.push(at);
          queue.take(at);
        }
        expect(times).toEqual([...wanted.map((each) => each.at), now].sort((a, b) => a - b));
      }),
    );
  });
});
