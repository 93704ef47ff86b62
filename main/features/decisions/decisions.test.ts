import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindingOn, mayOverlap } from '#protocol/model/decision/binds.ts';
import type { DecisionEvent } from '#protocol/model/decision/event.ts';
import { type Decisions, emptyDecisions } from '#protocol/model/decision/state.ts';
import { decisionArea } from './area.ts';
import { type DecisionCommand, decideDecisions } from './decide.ts';

const context = (now: number) => ({
  now,
  newId: (prefix: string) => prefix,
  epoch: 1,
  keep: (text: string) => ({ id: `p_${now}`, hash: text }),
});

function bench() {
  let all = emptyDecisions('p');
  let now = 0;
  const stored: Array<{ text: string; at: number }> = [];
  const apply = (before: Decisions, text: string, at: number) => {
    const { type, ...data } = JSON.parse(text) as DecisionEvent;
    return decisionArea.evolve(before, decisionArea.decode(type, data), { id: 'e', at, epoch: 1, sequence: 1 });
  };
  return {
    all: () => all,
    do(command: DecisionCommand): string | null {
      now += 1;
      const decided = decideDecisions(all, command, context(now));
      if (decided.kind === 'refused') return decided.fault.tag;
      for (const event of decided.events) {
        stored.push({ text: JSON.stringify(event), at: now });
        all = apply(all, JSON.stringify(event), now);
      }
      return null;
    },
    replayed: () => stored.reduce((before, { text, at }) => apply(before, text, at), emptyDecisions('p')),
  };
}

const record = (decision: string, over: object = {}): DecisionCommand => ({
  type: 'record',
  decision,
  subject: 'Tabs',
  text: `Text of ${decision}`,
  how: 'ceo',
  by: ['ceo'],
  binds: { agents: [], roles: ['qa'], paths: [] },
  goal: null,
  negotiation: null,
  supersedes: null,
  ...over,
});

const qa = { agent: 'a1', role: 'qa', writable: ['test/**'] };
const boundBy = (all: Decisions, who = qa) => bindingOn(all, who).map(({ id }) => id);

describe('decisions', () => {
  it('bind agents, roles, everyone, and whoever may write what they are about', () => {
    const { do: say, all } = bench();
    say(record('role'));
    say(record('agent', { binds: { agents: ['a1'], roles: [], paths: [] } }));
    say(record('all', { binds: { agents: [], roles: ['everyone'], paths: [] } }));
    say(record('path', { binds: { agents: [], roles: [], paths: ['test/api/*.js'] } }));
    say(record('other', { binds: { agents: ['a2'], roles: ['lead'], paths: ['src/**'] } }));
    expect(boundBy(all())).toEqual(['path', 'all', 'agent', 'role']);
    expect(boundBy(all(), { agent: 'x', role: 'x', writable: [] })).toEqual(['all']);
    expect(mayOverlap('**/*.ts', 'src/a.js')).toBe(true);
    expect(mayOverlap('./src/**', 'src/a.js')).toBe(true);
    expect(mayOverlap('src/a/**', 'src/b/**')).toBe(false);
  });

  it('hold until another takes their place, once, or the CEO retires them', () => {
    const { do: say, all } = bench();
    say(record('one'));
    expect(say(record('one', { text: 'again' }))).toBeNull();
    expect(all().decisions['one']?.text.hash).toBe('Text of one');
    expect(say(record('two', { supersedes: 'one' }))).toBeNull();
    expect(say(record('three', { supersedes: 'one' }))).toBe('decision-over');
    expect(say(record('four', { supersedes: 'nowhere' }))).toBe('no-such-decision');
    expect(boundBy(all())).toEqual(['two']);
    expect(say({ type: 'retire', decision: 'two', by: 'ceo' })).toBeNull();
    expect(say({ type: 'retire', decision: 'two', by: 'ceo' })).toBe('decision-over');
    expect(boundBy(all())).toEqual([]);
    expect(say(record('five', { text: ' ' }))).toBe('bad-decision');
    expect(say(record('six', { binds: { agents: [], roles: [], paths: [] } }))).toBe('binds-nobody');
  });

  it('replay to what they were, and never have two that took the same place', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const command = fc.oneof(
      fc.record({ decision: name, supersedes: fc.option(name) }).map((each) => record(each.decision, each)),
      name.map((decision): DecisionCommand => ({ type: 'retire', decision, by: 'ceo' })),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 15 }), (commands) => {
        const { do: say, all, replayed } = bench();
        for (const each of commands) say(each);
        expect(replayed()).toEqual(all());
        const successors = Object.values(all().decisions).flatMap(({ over }) => over?.successor ?? []);
        const taken = Object.values(all().decisions).flatMap(({ supersedes }) => supersedes ?? []);
        expect(new Set(taken).size).toBe(taken.length);
        expect(successors).toHaveLength(taken.length);
      }),
    );
  });
});
