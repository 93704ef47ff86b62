import { expect, it } from 'vitest';
import { createExchanges, type Draft } from './exchanges.ts';
import { LIMITS } from './limits.ts';

const { stale, stopAfter } = LIMITS.pingPong;

/** Messages of two agents in turn, and what became of each. */
function exchange() {
  const noticed: string[][] = [];
  const exchanges = createExchanges((_goal, agents) => noticed.push([...agents]));
  let at = 0;
  const send = (over: Partial<Draft> = {}) => {
    const [from, to] = at % 2 === 0 ? ['ann', 'bob'] : ['bob', 'ann'];
    at += 1;
    const draft = {
      goal: 'g',
      from: from ?? '',
      to: [to ?? ''],
      subject: 'Re',
      body: 'I agree, do you agree too?',
      ...over,
    };
    return exchanges.screen(draft)?.tag ?? 'sent';
  };
  return { send, noticed };
}

it('tells both agents of an exchange that says nothing new, then refuses it until something new is said', () => {
  const { send, noticed } = exchange();
  const sent = Array.from({ length: stale + stopAfter }, () => send());
  expect(new Set(sent)).toEqual(new Set(['sent']));
  expect(noticed).toEqual([['ann', 'bob']]);
  expect([send(), send()]).toEqual(['nothing-new', 'nothing-new']);
  expect(send({ body: 'The port is eighty and the path is slash health.' })).toBe('sent');
  expect(send()).toBe('sent');
});

it('keeps exchanges apart by goal and by who takes part, and leaves the CEO alone', () => {
  const { send, noticed } = exchange();
  for (let at = 0; at < 40; at += 1) {
    const goal = `g${at % 10}`;
    expect(send({ goal })).toBe('sent');
    expect(send({ to: ['ceo'] })).toBe('sent');
    expect(send({ from: 'ceo' })).toBe('sent');
  }
  expect(noticed).toEqual([]);
});
