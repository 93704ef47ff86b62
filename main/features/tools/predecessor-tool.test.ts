import { describe, expect, it } from 'vitest';
import type { AgentEvent } from '#protocol/agent/event.ts';
import { emptyGoal, type Goal } from '#protocol/model/goal/state.ts';
import type { ToolWorld } from './context.ts';
import { askPredecessor } from './predecessor-tool.ts';

/** A goal of one task with runs `r1 r2 | r3 r4`: the third begins a session. */
function goal(): Goal {
  const run = (id: string, resume: boolean) => [id, { id, resume }] as const;
  return {
    ...emptyGoal('g'),
    tasks: { t: { id: 't', attempts: ['a'] }, other: { id: 'other', attempts: ['b'] } },
    attempts: {
      a: { id: 'a', task: 't', runs: ['r1', 'r2', 'r3', 'r4'] },
      b: { id: 'b', task: 'other', runs: ['x1'] },
    },
    runs: Object.fromEntries([run('r1', false), run('r2', true), run('r3', false), run('r4', true), run('x1', false)]),
  } as unknown as Goal;
}

async function ask(run: string, input: { query?: string; before?: number }, said: Record<string, AgentEvent[]>) {
  const world = {
    goals: { state: goal },
    transcript: async (id: string) => (said[id] ?? []).map((event) => ({ at: 1, event })),
  } as unknown as ToolWorld;
  const attempt = run.startsWith('x') ? 'b' : 'a';
  const caller = { goal: 'g', agent: 'ann', attempt, run, allowed: new Set<string>() };
  const parsed = askPredecessor.input.parse(input);
  return askPredecessor.run(parsed, { caller, world, toolUseId: null });
}

const text = (words: string): AgentEvent => ({ type: 'text', text: words });
const SAID = { r1: [text('I chose PUT'), text('I ran the tests')], r2: [text('I go on')], r3: [text('mine')], x1: [] };

const words = (answer: unknown) => (typeof answer === 'string' ? answer : '');

describe('ask_predecessor', () => {
  it('tells what was said before this session, of this task only', async () => {
    const answer = await ask('r4', {}, SAID);
    expect(answer.ok && answer.value).toContain('1. said: I chose PUT\n2. said: I ran the tests\n3. said: I go on');
    expect(answer.ok && answer.value).not.toContain('mine');
    const found = await ask('r4', { query: 'put' }, SAID);
    expect(found.ok && found.value).toBe('What was said and done before you:\n1. said: I chose PUT');
  });

  it('says that there is nobody where there is nobody', async () => {
    for (const run of ['r2', 'x1']) {
      const answer = await ask(run, {}, SAID);
      expect(answer.ok ? '' : answer.error.tag).toBe('no-predecessor');
    }
  });

  it('stays bounded, newest first, and pages back without a gap', async () => {
    const long = Array.from({ length: 300 }, (_, at) => text(`line ${at} ${'x'.repeat(at === 7 ? 9_000 : 100)}`));
    const seen = new Set<number>();
    for (let before: number | undefined; ; ) {
      const answer = await ask('r3', before === undefined ? {} : { before }, { r1: long });
      const lines = answer.ok
        ? words(answer.value)
            .split('\n')
            .flatMap((line) => Number.parseInt(line, 10) || [])
        : [];
      expect(answer.ok && words(answer.value).length).toBeLessThan(17_000);
      for (const number of lines) seen.add(number);
      before = lines[0];
      if (before === undefined || before === 1) break;
    }
    expect(seen.size).toBe(300);
  });
});
