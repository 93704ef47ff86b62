import { describe, expect, it } from 'vitest';
import { conversationOf } from './conversation.ts';
import { HARMLESS, NOTHING_TO_DO, playOf } from './match.ts';
import { mutateScript } from './mutate.ts';
import { readScript } from './script.ts';
import { requestOf, SCRIPT, smallScript } from './test-support.ts';

const script = smallScript();
const REMINDER = '<system-reminder>\nFix everything\n</system-reminder>\n';
const TASK = {
  role: 'user',
  content: [
    { type: 'text', text: REMINDER },
    { type: 'text', text: 'Fix sum now' },
  ],
};

type Message = { role: string; content: unknown };

function play(messages: readonly Message[], of = script) {
  return playOf(of, conversationOf(requestOf('Backend', messages), false));
}

/** The conversation after a play, with these results of its tools. */
function resultsOf(messages: readonly Message[], results: readonly string[], of = script): Message[] {
  const { text, tools } = play(messages, of);
  const calls = tools.map(({ id, name, input }) => ({ type: 'tool_use', id, name, input }));
  const answers = tools.map(({ id }, index) => ({
    type: 'tool_result',
    tool_use_id: id,
    content: results[index],
  }));
  const said = text === '' ? [] : [{ type: 'text', text }];
  return [...messages, { role: 'assistant', content: [...said, ...calls] }, { role: 'user', content: answers }];
}

describe('matching', () => {
  it('plays a conversation from its words, filling captures in', () => {
    const first = play([TASK]);
    expect(first).toMatchObject({ role: 'backend', text: 'Reading sum.' });
    expect(first.tools).toMatchObject([
      { name: 'Read', input: { file_path: 'sum.ts', limits: [1, 'sum'] } },
      { name: 'Bash', input: { command: 'git status' } },
    ]);
    const second = resultsOf([TASK], ['return a - b', 'clean']);
    expect(play(second).tools).toMatchObject([{ name: 'Edit', input: { old_string: 'a - b' } }]);
    const third = resultsOf(second, ['ok: 7']);
    expect(play(third).tools).toMatchObject([{ input: { command: 'npm test # 7' } }]);
    expect(play(resultsOf(third, ['PASS'])).text).toBe('All tests pass.');
  });

  it('gives repeated rules new ids, and equal requests equal ids', () => {
    const third = resultsOf(resultsOf([TASK], ['return a - b', '']), ['ok: 7']);
    const fourth = resultsOf(third, ['FAIL']);
    const ids = [third, third, fourth].map((messages) => play(messages).tools[0]?.id);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
    expect(ids[2]).toMatch(/^toolu_backend_test_0_[0-9a-f]{10}$/);
  });

  it('ends the turn when no rule fits or no role is known, and is harmless without tools', () => {
    const done = [
      ...resultsOf([TASK], ['', '']),
      { role: 'assistant', content: 'x' },
      { role: 'user', content: 'go on' },
    ];
    expect(play(done).text).toBe(NOTHING_TO_DO);
    expect(playOf(script, conversationOf(requestOf('Nobody', [TASK]), false)).text).toBe(NOTHING_TO_DO);
    const title = { ...requestOf('Backend', [TASK]), tools: [] };
    expect(playOf(script, conversationOf(title, false)).text).toBe(HARMLESS);
  });

  it('sees what is pushed into a turn as system text', () => {
    const pushed = [...resultsOf([TASK], ['nothing', '']), { role: 'system', content: 'notice: return a - b' }];
    expect(play(pushed).rule?.name).toBe('edit');
  });

  it('knows rules of APIs without call ids by their input', () => {
    const first = play([TASK]);
    const calls = first.tools.map(({ name, input }) => ({ function: { name, arguments: input } }));
    const messages = [
      { role: 'user', content: 'Fix sum now' },
      { role: 'assistant', content: '', tool_calls: calls },
      { role: 'tool', content: 'return a - b' },
    ];
    expect(play(messages).rule?.name).toBe('edit');
  });
});

describe('scripts', () => {
  it.each([
    ['an unknown field', 'name: small', 'name: small\nmodles: []', /line 3, modles: Unrecognized key/],
    ['a wrong pattern', '"PASS" }', '"PA(SS" }', /line \d+, .*when\.last: not a regular expression/],
    ['a rule that does nothing', 'say: "All tests pass."', 'say: ""', /neither says nor does/],
    ['an unknown rule to come after', 'after: [edit]', 'after: [edti]', /no rule "edti"/],
    ['broken YAML', 'roles:', 'roles: [', /line/],
  ])('names place and reason of %s', (_name, from, to, reason) => {
    const script = readScript(SCRIPT.replace(from, to));
    expect(script.ok ? '' : script.error.why).toMatch(reason);
  });

  it('points at the line', () => {
    const line = SCRIPT.split('\n').findIndex((text) => text.includes('title:')) + 1;
    const script = readScript(SCRIPT.replace('title: A small crew', 'title: [1]'));
    expect(script.ok ? '' : script.error.why).toContain(`line ${line}, title`);
  });
});

describe('mutations', () => {
  it('makes exactly one rule go wrong, the same for the same seed', () => {
    for (const kind of ['wrong-code', 'dropped-turn', 'false-done', 'endless-talk'] as const) {
      const mutated = mutateScript(script, kind, 'a');
      expect(mutated).toEqual(mutateScript(script, kind, 'a'));
      const before = Object.values(script.roles).flatMap((role) => role.rules);
      const now = Object.values(mutated.roles).flatMap((role) => role.rules);
      expect(before.filter((rule) => !now.includes(rule))).toHaveLength(1);
    }
  });

  it('turns code round', () => {
    const seeds = Array.from({ length: 20 }, (_, seed) =>
      JSON.stringify(mutateScript(script, 'wrong-code', `${seed}`)),
    );
    expect(seeds.some((text) => text.includes('a !== b'))).toBe(true);
  });
});
