import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Collision } from '#protocol/model/goal/collision.ts';
import { type Attempt, emptyGoal, type Goal, type Task } from '#protocol/model/goal/state.ts';
import { circleOf, graphOf } from './model.ts';
import { tasksAsText, tasksFromText } from './paste.ts';
import { aligned, besides, CARD, depthsOf, neighbourOf, placesOf } from './place.ts';

const ref = { id: 't', hash: 'h' };

function task(id: string, dependsOn: readonly string[] = [], change: Partial<Task> = {}): Task {
  return {
    id,
    kind: 'work',
    title: ref,
    brief: ref,
    assignee: { kind: 'anyone' },
    dependsOn,
    status: 'open',
    by: 'ceo',
    about: null,
    attempts: [],
    addedAt: 0,
    endedAt: null,
    ...change,
  };
}

const agent = (id: string, lead = false) => ({ id, name: id, role: id, driver: 'x', model: 'x', lead });

function goalWith(...tasks: readonly Task[]): Goal {
  return {
    ...emptyGoal('g'),
    status: 'running',
    agents: { ada: agent('ada'), bob: agent('bob'), left: agent('left') },
    dismissed: ['left'],
    tasks: Object.fromEntries(tasks.map((each) => [each.id, each])),
  };
}

describe('the graph of a goal', () => {
  it('has cards for who is there and what is planned, and keeps the backlog in the dock', () => {
    const nobody = { kind: 'nobody' } as const;
    const goal = goalWith(
      task('a', [], { assignee: { kind: 'agent', agent: 'ada' } }),
      task('b', ['a'], { by: 'bob' }),
      task('loose', [], { assignee: nobody }),
      task('linked', ['b'], { assignee: nobody }),
      task('placed', [], { assignee: nobody }),
      task('gone', [], { status: 'cancelled' }),
      task('reply', [], { kind: 'reply' }),
    );
    const layout = { id: 'g', places: { 'task:placed': { x: 0, y: 0, pinned: true } } };
    const graph = graphOf(goal, {}, layout);
    expect(graph.agents).toEqual(['ada', 'bob']);
    expect(graph.tasks).toEqual(['a', 'b', 'linked', 'placed']);
    expect(graph.backlog).toEqual(['loose']);
    expect(graph.edges.map((edge) => edge.id)).toEqual(['does:a', 'link:b>a', 'gave:b', 'link:linked>b']);
  });

  it('joins the tasks whose work collides, for as long as it does', () => {
    const ids = ['a', 'b'];
    const goal: Goal = {
      ...goalWith(...ids.map((id) => task(id))),
      attempts: Object.fromEntries(
        ids.map((id) => [`at_${id}`, { task: id, agent: 'ada', status: 'running' } as Attempt]),
      ),
    };
    const collision: Collision = {
      id: 'c',
      kind: 'conflict',
      attempts: ['at_a', 'at_b'],
      elsewhere: null,
      files: ref,
      count: 2,
      seenAt: 0,
      clearedAt: null,
      action: 'warn',
    };
    const hits = (of: Collision) =>
      graphOf({ ...goal, collisions: { c: of } }, {}, undefined).edges.filter((edge) => edge.kind === 'hit');
    expect(hits(collision)).toEqual([{ id: 'hit:c', kind: 'hit', source: 'task:a', target: 'task:b', count: 2 }]);
    expect(hits({ ...collision, clearedAt: 1 })).toEqual([]);
    expect(hits({ ...collision, attempts: ['at_a'] })).toEqual([]);
  });

  it('counts messages between two agents on one edge, whoever wrote', () => {
    const message = (id: string, from: string, to: string) => ({ id, goal: 'g', from, to: [to] });
    const messages = { 1: message('1', 'ada', 'bob'), 2: message('2', 'bob', 'ada'), 3: message('3', 'ceo', 'bob') };
    const conversations = { c: { id: 'c', order: [], messages } } as never;
    expect(graphOf(goalWith(), conversations, undefined).edges).toEqual([
      { id: 'talk:ada~bob', kind: 'talk', source: 'agent:ada', target: 'agent:bob', count: 2 },
    ]);
  });

  it('finds the circle an edge would close, and only then', () => {
    const goal = goalWith(task('a'), task('b', ['a']), task('c', ['b']));
    expect(circleOf(goal, 'a', 'c')).toEqual(['a', 'c', 'b', 'a']);
    expect(circleOf(goal, 'a', 'a')).toEqual(['a', 'a']);
    expect(circleOf(goal, 'c', 'a')).toBeNull();
  });
});

describe('places', () => {
  const plan = fc.array(fc.array(fc.nat(30), { maxLength: 4 }), { minLength: 1, maxLength: 30 }).map((all) =>
    goalWith(
      ...all.map((on, index) =>
        task(
          `t${index}`,
          [...new Set(on.filter((each) => each < index))].map((each) => `t${each}`),
        ),
      ),
    ),
  );

  it('are never shared, and a new task moves no other', () => {
    fc.assert(
      fc.property(plan, (goal) => {
        const graph = graphOf(goal, {}, undefined);
        const places = placesOf(goal, graph, undefined);
        const cells = [...places.values()].map(({ x, y }) => `${x}:${y}`);
        expect(new Set(cells).size).toBe(graph.tasks.length + graph.agents.length);
        const grown = { ...goal, tasks: { ...goal.tasks, new: task('new', [graph.tasks[0] ?? '']) } };
        const after = placesOf(grown, graphOf(grown, {}, undefined), undefined);
        for (const [node, place] of places) expect(after.get(node)).toEqual(place);
      }),
    );
  });

  it('put a task right of what it waits for, and keep what was placed by hand', () => {
    const goal = goalWith(task('a'), task('b', ['a']), task('c', ['b', 'a']));
    expect([...depthsOf(goal, ['a', 'b', 'c'])]).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 2],
    ]);
    const layout = { id: 'g', places: { 'task:b': { x: 7, y: 9, pinned: true } } };
    expect(placesOf(goal, graphOf(goal, {}, layout), layout).get('task:b')).toEqual({ x: 7, y: 9, pinned: true });
  });

  it('lead to the neighbour that lies ahead, and line up', () => {
    const at = (x: number, y: number) => ({ x, y, pinned: false });
    const places = new Map([
      ['a', at(0, 0)],
      ['b', at(300, 20)],
      ['c', at(310, 400)],
      ['d', at(0, 200)],
    ]);
    expect(neighbourOf(places, 'a', 'right')).toBe('b');
    expect(neighbourOf(places, 'a', 'down')).toBe('d');
    expect(neighbourOf(places, 'b', 'left')).toBe('a');
    expect(neighbourOf(places, 'a', 'up')).toBeNull();
    expect([...aligned(places, ['b', 'c'], 'left').values()].map(({ x }) => x)).toEqual([300, 300]);
    expect([...aligned(places, ['a', 'b'], 'top').values()].map(({ y }) => y)).toEqual([0, 0]);
  });
});

describe('tasks as text', () => {
  it('come from lists of any kind, with what is indented as the brief', () => {
    const text = '1. First\n   more of it\n- [x] Second\n\n* Third\r\nFourth';
    expect(tasksFromText(text)).toEqual([
      { title: 'First', brief: 'more of it' },
      { title: 'Second', brief: '' },
      { title: 'Third', brief: '' },
      { title: 'Fourth', brief: '' },
    ]);
    expect(tasksFromText(' \n\n')).toEqual([]);
    expect(tasksFromText('x'.repeat(5_000))[0]?.title).toHaveLength(200);
  });

  it('come back as they were written', () => {
    const line = fc.stringMatching(/^[A-Za-z][A-Za-z ,.]{0,40}[a-z]$/);
    const tasks = fc.array(
      fc.record({ title: line, brief: fc.array(line, { maxLength: 3 }).map((all) => all.join('\n')) }),
    );
    fc.assert(
      fc.property(tasks, (all) => {
        const expected = all.map(({ title, brief }) => ({ title, brief: brief === title ? '' : brief }));
        expect(tasksFromText(tasksAsText(all))).toEqual(expected);
      }),
    );
  });
});

describe('tidying around what was placed by hand', () => {
  const place = fc.record({
    x: fc.integer({ min: 0, max: 1_500 }),
    y: fc.integer({ min: 0, max: 1_500 }),
    pinned: fc.boolean(),
  });
  const places = (prefix: string) =>
    fc
      .array(place, { maxLength: 25 })
      .map((all) => new Map(all.map((each, index) => [`task:${prefix}${index}`, each] as const)));

  it('lets no card lie over another, moves cards down only, and leaves the others alone', () => {
    fc.assert(
      fc.property(places('free'), places('fixed'), (free, fixed) => {
        const found = besides(free, fixed);
        expect([...found.keys()].sort()).toEqual([...free.keys()].sort());
        for (const [node, at] of found) {
          expect(at.x).toBe(free.get(node)?.x);
          expect(at.y).toBeGreaterThanOrEqual(free.get(node)?.y ?? 0);
          for (const [other, there] of [...found, ...fixed])
            if (other !== node)
              expect(Math.abs(there.x - at.x) >= CARD.width || Math.abs(there.y - at.y) >= CARD.taskHeight).toBe(true);
        }
      }),
    );
  });
});
