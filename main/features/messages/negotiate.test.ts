import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DecideContext } from '#main/engine/area.ts';
import { latestOf, type Negotiation, owes } from '#protocol/model/conversation/negotiation.ts';
import { type Conversation, emptyConversation } from '#protocol/model/conversation/state.ts';
import { conversationArea } from './area.ts';
import type { ConversationCommand } from './command.ts';
import { HOP_LIMIT, ROUNDS } from './limits.ts';

const AGENTS = ['ann', 'bob', 'cid', 'owner', 'lead'] as const;
const N = 'neg';

/** One conversation; `do` decides, stores as text and applies what was read back. */
function bench() {
  let state: Conversation = emptyConversation('g.ann+bob');
  let now = 1_000;
  let step = 0;
  const stored: Array<{ readonly text: string; readonly at: number }> = [];
  const context = (): DecideContext => ({
    now,
    newId: (prefix) => `${prefix}_${step}`,
    epoch: 1,
    keep: (text) => ({ id: `p_${step}_${text.length}`, hash: text }),
  });
  const apply = (before: Conversation, text: string, at: number): Conversation => {
    const { type, ...data } = JSON.parse(text) as { type: string };
    const meta = { id: 'e', at, epoch: 1, sequence: 1 };
    return conversationArea.evolve(before, conversationArea.decode(type, data), meta);
  };
  return {
    state: () => state,
    negotiation: (): Negotiation | undefined => state.negotiations[N],
    /** The tag of the refusal, or null. */
    do(command: ConversationCommand): string | null {
      step += 1;
      now += 1_000;
      const decision = conversationArea.decide(state, command, context());
      if (decision.kind === 'refused') return decision.fault.tag;
      for (const event of decision.events) {
        stored.push({ text: JSON.stringify(event), at: now });
        state = apply(state, JSON.stringify(event), now);
      }
      return null;
    },
    replayed: () => stored.reduce((before, { text, at }) => apply(before, text, at), emptyConversation('g.ann+bob')),
  };
}

const opening = (over: object = {}): ConversationCommand => ({
  type: 'propose',
  negotiation: N,
  message: 'm0',
  goal: 'g',
  from: 'ann',
  to: ['bob'],
  address: 'bob',
  subject: 'The field',
  text: 'first',
  binds: { agents: [], roles: [], paths: [] },
  deadline: 100_000,
  arbiters: ['owner', 'lead'],
  hopsBefore: 0,
  ...over,
});

let messages = 0;
const by = (from: string) => {
  messages += 1;
  return { negotiation: N, from, message: `m${messages}` };
};
const counter = (from: string, version: number, text: string): ConversationCommand => ({
  ...by(from),
  type: 'counter',
  version,
  text,
});
const accept = (from: string, version: number): ConversationCommand => ({
  ...by(from),
  type: 'accept',
  version,
  text: '',
});
const reject = (from: string, version: number): ConversationCommand => ({
  ...by(from),
  type: 'reject',
  version,
  text: '',
});
const rule = (from: string, version: number | null, text = ''): ConversationCommand => ({
  ...by(from),
  type: 'rule',
  version,
  text,
});

describe('a negotiation', () => {
  it('ends when all parties stand by the same version, with its words', () => {
    const { do: say, negotiation, state } = bench();
    say(opening({ to: ['bob', 'cid'] }));
    expect(say(accept('bob', 1))).toBeNull();
    expect(negotiation()?.ended).toBeNull();
    expect(say(counter('cid', 1, 'second'))).toBeNull();
    // What bob accepted is not on the table any more.
    expect(owes(negotiation() as Negotiation, 'bob')).toBe(true);
    expect(say(accept('bob', 2))).toBeNull();
    expect(say(accept('ann', 2))).toBeNull();
    expect(negotiation()?.ended).toMatchObject({ outcome: 'agreed', version: 2, text: { hash: 'second' } });
    expect(state().order.map((id) => state().messages[id]?.kind)).toEqual([
      'propose',
      'accept',
      'counter',
      'accept',
      'accept',
    ]);
  });

  it('takes an answer only from a party, only to the version on the table, and only when it is its turn', () => {
    const { do: say } = bench();
    say(opening());
    expect(say(accept('cid', 1))).toBe('not-a-party');
    expect(say(accept('ann', 1))).toBe('not-your-turn');
    expect(say(accept('bob', 2))).toBe('superseded-proposal');
    expect(say(rule('bob', 1))).toBe('not-the-arbiter');
    say(counter('bob', 1, 'second'));
    expect(say(accept('ann', 1))).toBe('superseded-proposal');
    expect(say({ ...by('bob'), type: 'withdraw', text: '' })).toBe('not-yours-to-withdraw');
    expect(say(accept('ann', 2))).toBeNull();
    expect(say(reject('bob', 2))).toBe('negotiation-over');
  });

  it.each([
    ['a rejection', [reject('bob', 1)], 'rejected'],
    ['the same words again', [counter('bob', 1, 'second'), counter('ann', 2, ' first ')], 'repeated'],
    ['a deadline', [{ type: 'overdue', negotiation: N, stage: 0 }], 'deadline'],
    ['silence', [{ type: 'silent', negotiation: N, by: 'bob' }], 'silent'],
    [
      'too many proposals',
      Array.from({ length: ROUNDS }, (_, at) => counter(at % 2 === 0 ? 'bob' : 'ann', at + 1, `other ${at}`)),
      'rounds',
    ],
  ] as Array<[string, ConversationCommand[], string]>)('goes to its arbiter after %s', (_what, steps, cause) => {
    const { do: say, negotiation } = bench();
    say(opening());
    for (const each of steps) expect(say(each)).toBeNull();
    expect(negotiation()?.arbitration).toMatchObject({ arbiter: 'owner', stage: 1, cause });
    expect(say(accept('ann', 1))).toBe('with-arbiter');
    expect(say(rule('lead', 1))).toBe('not-the-arbiter');
    expect(say(rule('owner', 9))).toBe('no-such-version');
    expect(say(rule('owner', null, 'mine'))).toBeNull();
    expect(negotiation()?.ended).toMatchObject({
      outcome: 'decided',
      by: 'owner',
      version: null,
      text: { hash: 'mine' },
    });
  });

  it('calls each arbiter once, skips parties, and comes to the CEO, who may also rule before', () => {
    const { do: say, negotiation } = bench();
    say(opening({ arbiters: ['ann', 'owner', 'owner', 'ceo', 'lead'] }));
    expect(negotiation()?.arbiters).toEqual(['owner', 'lead', 'ceo']);
    say({ type: 'overdue', negotiation: N, stage: 0 });
    say({ type: 'called', negotiation: N, stage: 1, until: 5_000, message: 'call' });
    // Told twice, or by a timer of a stage that is over: nothing.
    say({ type: 'overdue', negotiation: N, stage: 0 });
    say({ type: 'silent', negotiation: N, by: 'bob' });
    expect(negotiation()?.arbitration).toMatchObject({ arbiter: 'owner', until: 5_000, message: 'call' });
    say({ type: 'absent', negotiation: N, stage: 1 });
    say({ type: 'overdue', negotiation: N, stage: 2 });
    expect(negotiation()?.arbitration).toMatchObject({ arbiter: 'ceo', stage: 3, cause: 'deadline' });
    say({ type: 'overdue', negotiation: N, stage: 3 });
    expect(negotiation()?.arbitration?.arbiter).toBe('ceo');
    expect(say(rule('ceo', 1))).toBeNull();
    expect(say(rule('ceo', 1))).toBe('negotiation-over');
  });

  it('is refused alone, with the CEO, empty, too long, or at the end of a long chain', () => {
    expect(bench().do(opening({ to: [] }))).toBe('nobody-to-agree');
    expect(bench().do(opening({ to: ['ann'] }))).toBe('nobody-to-agree');
    expect(bench().do(opening({ to: ['ceo'] }))).toBe('nobody-to-agree');
    expect(bench().do(opening({ text: '  ' }))).toBe('empty-message');
    expect(bench().do(opening({ text: 'x'.repeat(16 * 1024 * 1024) }))).toBe('message-too-long');
    expect(bench().do(opening({ hopsBefore: HOP_LIMIT }))).toBe('too-many-replies');
    const { do: say } = bench();
    say(opening());
    expect(say(counter('bob', 1, 'x'.repeat(70_000)))).toBe('message-too-long');
    expect(say(counter('bob', 1, ' '))).toBe('empty-message');
    expect(say({ ...by('bob'), type: 'accept', version: 1, text: 'x'.repeat(70_000) })).toBe('message-too-long');
  });

  it('cannot be answered by a plain message', () => {
    const { do: say } = bench();
    say(opening());
    const plain = {
      type: 'send',
      message: 'plain',
      goal: 'g',
      from: 'bob',
      to: ['ann'],
      kind: 'accept',
      subject: 's',
      body: 'Yes.',
      replyTo: 'm0',
      wantsAnswer: false,
      deadline: null,
      attachments: [],
    } as const;
    expect(say(plain)).toBe('use-respond');
    expect(say({ ...plain, replyTo: null })).toBeNull();
  });
});

const who = fc.constantFrom(...AGENTS, 'ceo', 'eve');
const version = fc.integer({ min: 1, max: 9 });
const text = fc.constantFrom('first', 'a', 'b', 'c', 'd', 'e', 'f', 'g', '', ' ');
const move = fc.oneof(
  fc.record({ type: fc.constant('counter' as const), from: who, version, text }),
  fc.record({ type: fc.constantFrom('accept' as const, 'reject' as const), from: who, version, text }),
  fc.record({ type: fc.constant('latest' as const), from: who, text }),
  fc.record({ type: fc.constant('rule' as const), from: who, version: fc.option(version), text }),
  fc.record({ type: fc.constant('withdraw' as const), from: who, text }),
  fc.record({ type: fc.constantFrom('overdue' as const, 'absent' as const), stage: fc.integer({ min: 0, max: 4 }) }),
  fc.record({ type: fc.constant('silent' as const), by: who }),
);

describe('any course of a negotiation', () => {
  it('has at most one outcome, only from parties and arbiters, calls arbiters in order, and replays to the same', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 40 }), fc.boolean(), (moves, three) => {
        const { do: say, negotiation, state, replayed } = bench();
        const parties = three ? ['ann', 'bob', 'cid'] : ['ann', 'bob'];
        say(opening({ to: parties.slice(1) }));
        let ended: Negotiation['ended'] = null;
        const called: string[] = [];
        moves.forEach((each, index) => {
          const before = negotiation() as Negotiation;
          const command = {
            ...(each.type === 'latest' ? { ...each, type: 'accept', version: latestOf(before)?.version } : each),
            negotiation: N,
            message: `x${index}`,
          } as unknown as ConversationCommand;
          const refusal = say(command);
          const after = negotiation() as Negotiation;
          if (refusal !== null) expect(after).toBe(before);
          if (after.arbitration && after.arbitration.arbiter !== called.at(-1)) called.push(after.arbitration.arbiter);
          if (ended) expect(after.ended).toEqual(ended);
          ended = after.ended;
          if (after.ended?.outcome === 'agreed') {
            const agreed = after.proposals.at(-1);
            expect(after.ended.version).toBe(agreed?.version);
            expect([...(agreed?.accepted ?? [])].sort()).toEqual(parties);
          }
          for (const { by: from, accepted } of after.proposals)
            expect([from, ...accepted].every((id) => parties.includes(id))).toBe(true);
          if (after.ended?.outcome === 'decided') expect([...called, 'ceo']).toContain(after.ended.by);
        });
        expect(called).toEqual(['owner', 'lead', 'ceo'].slice(0, called.length));
        expect(replayed()).toEqual(state());
      }),
      { numRuns: 500 },
    );
  });

  it('ends or stands before the CEO once every deadline has passed', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 20 }), (moves) => {
        const { do: say, negotiation } = bench();
        say(opening());
        moves.forEach((each, index) => {
          say({ ...each, negotiation: N, message: `x${index}` } as unknown as ConversationCommand);
        });
        for (let stage = 0; stage < 4; stage += 1) say({ type: 'overdue', negotiation: N, stage });
        const { ended, arbitration } = negotiation() as Negotiation;
        expect(ended !== null || arbitration?.arbiter === 'ceo').toBe(true);
        expect(say(rule('ceo', 1))).toBe(ended ? 'negotiation-over' : null);
      }),
    );
  });
});
