import { describe, expect, it } from 'vitest';
import type { NumberedEvent } from '#protocol/contract/feed.ts';
import { actorOf, concerning, concerningBoth, detailOf } from './concerns.ts';

let sequence = 0;
const event = (type: string, data: unknown, texts: Record<string, string> = {}): NumberedEvent => {
  sequence += 1;
  return { sequence, id: `e${sequence}`, stream: 'goal/g', type, at: 0, epoch: 1, data, texts };
};

describe('history', () => {
  const events = [
    event('task.added', { task: 't1', by: 'ceo' }),
    event('task.added', { task: 't2', dependsOn: ['t1'], by: 'lead' }),
    event('call.reserved', { call: 'c1', node: 'run/a1', agent: 'qa' }),
    event('call.settled', { call: 'c1' }),
    event('call.settled', { call: 'c2' }),
    event('message.sent', { message: 'm1', from: 'qa', to: ['ceo'] }),
    event('message.acknowledged', { message: 'm1', by: 'ceo' }),
    event('message.rung', { message: 'm2', how: { t2: 'doorbell' } }),
  ];
  const types = (found: readonly NumberedEvent[]) => found.map(({ sequence: at, type }) => `${at} ${type}`);

  it('holds everything when nothing is asked for', () => {
    expect(concerning(events, new Set())).toBe(events);
  });

  it('finds what names a thing, also inside and as a key', () => {
    expect(types(concerning(events, new Set(['t1'])))).toEqual(['1 task.added', '2 task.added']);
    expect(types(concerning(events, new Set(['t2'])))).toEqual(['2 task.added', '8 message.rung']);
  });

  it('finds the end of a call by its beginning', () => {
    expect(types(concerning(events, new Set(['run/a1'])))).toEqual(['3 call.reserved', '4 call.settled']);
  });

  it('finds what is between two', () => {
    expect(types(concerningBoth(events, ['ceo', 'qa']))).toEqual(['6 message.sent', '7 message.acknowledged']);
    expect(types(concerningBoth(events, ['t2', 't1']))).toEqual(['2 task.added']);
  });

  it('says who and why', () => {
    const of = (each: NumberedEvent) => actorOf(each, (attempt) => (attempt === 'a1' ? 'qa' : undefined));
    expect(of(event('task.added', { by: 'ceo' }))).toBe('ceo');
    expect(of(event('attempt.claimed', { attempt: 'a1' }))).toBe('qa');
    expect(of(event('merge.ordered', { attempt: 'a1' }))).toBe('system');
    expect(detailOf(event('run.ended', { outcome: 'lost' }, { p: 'It vanished.' }))).toBe('It vanished.');
    expect(detailOf(event('run.ended', { outcome: 'lost', run: 'r' }))).toBe('lost');
  });
});
