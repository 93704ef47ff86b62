import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choose, type Experience, lessonsOf, pooled } from '#protocol/model/goal/expertise.ts';
import { areasOf } from './areas.ts';
import {
  AGENTS,
  attemptOf,
  type Bench,
  bench,
  check,
  merge,
  planned,
  start,
  stated,
  taskOf,
  work,
} from './test-kit.ts';

const [SRC = '', WEB = ''] = [...areasOf(['src/a.ts']), ...areasOf(['web/b.ts'])];

const seen = (
  model: string,
  area: string | null,
  merged: number,
  tried: number,
  tokens = 1_000 * tried,
): Experience => ({
  role: 'work',
  model,
  area,
  effort: null,
  tried,
  merged,
  tokens,
});

/** Two workers of one role with different models. */
function crew(expertise: readonly Experience[]): Bench {
  const on = bench();
  const agents = AGENTS.map((agent) => (agent.id === 'bob' ? { ...agent, model: 'other' } : agent));
  on.do(stated({ board: true, agents, expertise }));
  return on;
}

function given(on: Bench, paths: readonly string[]) {
  on.do({ type: 'add-tasks', tasks: [{ ...planned('a'), spec: { paths } }], by: 'ceo' });
  return attemptOf(on, taskOf(on, 'Title of a'));
}

describe('who gets a task', () => {
  it('is who did such work well in that area of the code, and the reason is kept', () => {
    const known = [
      seen('m', null, 12, 20),
      seen('m', SRC, 10, 10),
      seen('m', WEB, 2, 10),
      seen('other', null, 10, 12),
      seen('other', WEB, 9, 10),
    ];
    const web = given(crew(known), ['web/page.ts']);
    expect(web).toMatchObject({ agent: 'bob', reason: { rule: 'expertise', among: 2 } });
    expect(web.reason?.chance ?? 0).toBeGreaterThan(web.reason?.next ?? 1);
    expect(given(crew(known), ['src/store.ts']).agent).toBe('ann');
  });

  it('is whoever had least where nothing tells them apart', () => {
    const on = crew([]);
    expect(given(on, []).reason).toMatchObject({ rule: 'load', among: 2, seen: 0 });
  });

  it('is nobody confined to some paths where it is for anyone, though they be free and experienced', () => {
    const agents = AGENTS.filter(({ id }) => id !== 'bob').map((each) =>
      each.role === 'test' ? { ...each, confined: true as const } : each,
    );
    const confined = agents.filter((each) => each.confined).map((each) => each.id);
    const on = bench();
    on.do(stated({ board: true, agents, expertise: [{ ...seen('m', null, 20, 20), role: 'test' }] }));
    const add = (key: string, spec = {}) => {
      on.do({
        type: 'add-tasks',
        tasks: [{ ...planned(key), assignee: { kind: 'anyone' }, spec }],
        by: 'ceo',
      });
      const { attempts } = taskOf(on, `Title of ${key}`);
      return attempts.map((id) => on.goal().attempts[id]?.agent);
    };
    expect(add('one')).toEqual(['ann']);
    expect(add('two')).toEqual([]);
    // Whoever could waits, and perhaps for this.
    const run = start(on, taskOf(on, 'Title of one'));
    on.do({ type: 'run-ended', run, outcome: 'interrupted', detail: '', usage: null });
    expect(attemptOf(on, taskOf(on, 'Title of one')).status).toBe('waiting');
    expect(attemptOf(on, taskOf(on, 'Title of two')).agent).toBe(confined[0]);
    on.do({ type: 'cancel-task', task: taskOf(on, 'Title of two').id, by: 'ceo' });
    on.do({ type: 'cancel-task', task: taskOf(on, 'Title of one').id, by: 'ceo' });
    // A race wants others beside the one that could.
    expect(add('raced', { race: 2 })).toEqual(['ann', ...confined]);
  });

  it('is learned from what was merged and what failed, and not from what was let go', () => {
    const on = crew([]);
    on.do({ type: 'add-tasks', tasks: [planned('good'), planned('gone')], by: 'ceo' });
    work(on, taskOf(on, 'Title of good'));
    check(on, taskOf(on, 'Title of good'), 'passed');
    merge(on, taskOf(on, 'Title of good'), 'merged');
    on.do({ type: 'cancel-task', task: taskOf(on, 'Title of gone').id, by: 'ceo' });
    expect(lessonsOf(on.goal())).toEqual([expect.objectContaining({ role: 'work', tried: 1, merged: 1, area: null })]);
  });

  it('never leaves the free agents, gives chances between 0 and 1, and does not depend on the order of what is known', () => {
    const experienceOf = fc.record({
      role: fc.constantFrom('work', 'test'),
      model: fc.constantFrom('m', 'other'),
      area: fc.constantFrom(null, SRC, WEB),
      effort: fc.constant(null),
      tried: fc.nat(50),
      merged: fc.nat(50),
      tokens: fc.nat(1e6),
    });
    fc.assert(
      fc.property(fc.array(experienceOf), fc.nat(5), fc.nat(5), (all, one, two) => {
        const on = crew([]);
        const sane = all.map((each) => ({ ...each, merged: Math.min(each.merged, each.tried) }));
        on.do({
          type: 'add-tasks',
          tasks: [{ ...planned('a'), assignee: { kind: 'nobody' }, spec: { paths: ['src/x'] } }],
          by: 'ceo',
        });
        const free = [
          { agent: 'ann', load: one },
          { agent: 'bob', load: two },
        ];
        const task = taskOf(on, 'Title of a');
        const picked = choose(on.goal(), pooled(sane), task, free);
        expect(['ann', 'bob']).toContain(picked?.agent);
        expect(picked?.reason.chance).toBeGreaterThanOrEqual(0);
        expect(picked?.reason.chance).toBeLessThanOrEqual(1);
        expect(choose(on.goal(), pooled([...sane].reverse()), task, free)).toEqual(picked);
      }),
      { numRuns: 100 },
    );
  });
});
