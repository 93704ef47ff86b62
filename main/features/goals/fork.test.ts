import { describe, expect, it } from 'vitest';
import { boundariesOf, doneAt, leftAfter, placeBoundary } from '#protocol/model/goal/boundaries.ts';
import { goalEvent } from '#protocol/model/goal/event.ts';
import type { ForkedFrom } from '#protocol/model/goal/fork.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { violations } from './model/test-kit.ts';
import { attemptOf, type Bench, bench, check, planned, stated, taskOf, work } from './test-kit.ts';

const from: ForkedFrom = { goal: 'goal_0', at: { kind: 'start' }, commit: 'base', done: [], tasks: [] };

function merge(on: Bench, title: string, commit: string): void {
  on.advance(1_000);
  work(on, taskOf(on, title));
  check(on, taskOf(on, title), 'passed');
  on.advance(1_000);
  on.do({ type: 'merged', attempt: attemptOf(on, taskOf(on, title)).id, result: 'merged', commit, output: '' });
  on.advance(1_000);
}

/** A board on which `one` and `two` are merged in turn, and `three` waits for both. */
function merged(): Bench {
  const on = bench();
  on.do(stated({ board: true }));
  on.do({
    type: 'add-tasks',
    tasks: [planned('one'), planned('two', ['one']), planned('three', ['one', 'two'])],
    by: 'ceo',
  });
  merge(on, 'Title of one', 'm1');
  merge(on, 'Title of two', 'm2');
  return on;
}

const titles = (on: Bench, goal: Goal, ids: Iterable<string>) =>
  [...ids].map((id) => on.texts.get(goal.tasks[id]?.title.id ?? ''));

describe('boundaries', () => {
  it('are the start, where attempts began and where they were merged, in order', () => {
    const on = merged();
    expect(boundariesOf(on.goal()).map((each) => `${each.at.kind} ${each.commit}`)).toEqual([
      'start base',
      'attempt base',
      'merge m1',
      'attempt base',
      'merge m2',
    ]);
    expect(placeBoundary(on.goal(), { kind: 'merge', attempt: 'att_0' })).toBeUndefined();
  });

  it('tell what is done there, and leave the rest a plan that fits together', () => {
    const on = merged();
    const goal = on.goal();
    const at = (title: string) => ({ kind: 'merge', attempt: attemptOf(on, taskOf(on, title)).id }) as const;
    const first = placeBoundary(goal, at('Title of one'));
    const done = first ? doneAt(goal, first) : new Set<string>();
    expect(titles(on, goal, done)).toEqual(['Title of one']);
    const left = leftAfter(goal, done);
    expect(
      titles(
        on,
        goal,
        left.map(({ task }) => task.id),
      ),
    ).toEqual(['Title of two', 'Title of three']);
    expect(left.map((each) => each.dependsOn)).toEqual([[], [taskOf(on, 'Title of two').id]]);
    const start = placeBoundary(goal, { kind: 'start' });
    expect(start && doneAt(goal, start).size).toBe(0);
  });

  it('take a branch as decided where what it depends on is done, and open where it is done again', () => {
    const on = bench();
    on.do(stated({ board: true }));
    const branch = (key: string, is: string) => ({ ...planned(key), spec: { onlyIf: { task: 'one', is } } });
    on.do({ type: 'add-tasks', tasks: [planned('one'), branch('yes', 'done'), branch('no', 'failed')], by: 'ceo' });
    merge(on, 'Title of one', 'm1');
    const goal = on.goal();
    const done = new Set([taskOf(on, 'Title of one').id]);
    const left = leftAfter(goal, done);
    expect(
      titles(
        on,
        goal,
        left.map(({ task }) => task.id),
      ),
    ).toEqual(['Title of yes']);
    expect(left[0]?.spec).toBeUndefined();
    expect(leftAfter(goal, new Set())).toHaveLength(3);
  });
});

describe('a fork', () => {
  const tasks = [planned('one'), planned('two', ['one'])];

  it('begins with its plan: at once, or when it is approved', () => {
    const on = bench();
    on.do(stated({ forkedFrom: from, plan: tasks }));
    expect([on.goal().status, on.goal().forkedFrom?.goal]).toEqual(['running', 'goal_0']);
    expect(Object.values(on.goal().tasks).map((task) => `${task.kind} ${task.status}`)).toEqual([
      'work active',
      'work open',
    ]);
    const asking = bench();
    asking.do(stated({ mode: 'ask', forkedFrom: from, plan: tasks }));
    expect(asking.goal().status).toBe('awaiting-approval');
    expect(violations(asking.goal())).toEqual([]);
    asking.do({ type: 'approve-plan', by: 'ceo' });
    expect(asking.goal().status).toBe('running');
  });

  it('is planned by its Lead when its plan is turned down, and stops without one', () => {
    const deny = (on: Bench) => {
      const item = Object.values(on.goal().items).find((each) => each.kind === 'plan')?.id ?? '';
      on.do({ type: 'answer', item, answer: 'deny', text: 'Smaller', by: 'ceo' });
      return on.goal();
    };
    const on = bench();
    on.do(stated({ mode: 'ask', forkedFrom: from, plan: tasks }));
    expect(deny(on).status).toBe('planning');
    expect(
      Object.values(on.goal().tasks).filter((task) => task.kind === 'plan' && task.status === 'active'),
    ).toHaveLength(1);
    const alone = bench();
    alone.do(
      stated({
        mode: 'ask',
        forkedFrom: from,
        plan: tasks,
        agents: [{ id: 'ann', name: 'ann', role: 'work', driver: 'scripted', model: 'm', lead: false }],
        board: true,
      }),
    );
    expect(deny(alone).status).toBe('stopped');
    expect([...violations(on.goal()), ...violations(alone.goal())]).toEqual([]);
  });

  it('of an event from before forks is none', () => {
    const on = bench();
    on.do(stated());
    const old = Object.fromEntries(Object.entries(on.events[0]?.event ?? {}).filter(([key]) => key !== 'forkedFrom'));
    expect(goalEvent.parse(old)).toMatchObject({ forkedFrom: null });
  });
});
