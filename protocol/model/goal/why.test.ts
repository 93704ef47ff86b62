import { describe, expect, it } from 'vitest';
import { describeTask } from './describe.ts';
import { type Attempt, emptyGoal, type Goal, type Item, type Task } from './state.ts';
import { whyOf } from './why.ts';
import { sayWhy } from './why-words.ts';

const text = (id: string) => ({ id, hash: 'h' });
const textOf = (ref: { id: string } | null) => ref?.id ?? '';
const agent = (id: string, role = 'work') => ({ id, name: id, role, driver: 'd', model: 'm', lead: false });

function task(id: string, change: Partial<Task> = {}): Task {
  const assignee = { kind: 'role', role: 'work' } as const;
  const base = { id, kind: 'work', title: text(`Title ${id}`), brief: text(id), assignee, dependsOn: [] } as const;
  return { ...base, status: 'open', by: 'ceo', about: null, attempts: [], addedAt: 5, endedAt: null, ...change };
}

function attempt(id: string, of: string, change: Partial<Attempt> = {}): Attempt {
  const base = { id, task: of, agent: 'ann', number: 1, status: 'running', awaits: [], wait: null, changedAt: 7 };
  return { ...base, runs: [], ...change } as unknown as Attempt;
}

const waits = (cause: string, change: object = {}): Partial<Attempt> => ({
  status: 'waiting',
  wait: { cause, owner: 'ceo', on: null, toolUseId: null, until: null, since: 9, detail: null, ...change } as never,
});

const item = (id: string, change: Partial<Item> = {}): Item => ({
  id,
  kind: 'approval',
  task: null,
  attempt: null,
  title: text('May I?'),
  detail: null,
  openedAt: 8,
  closed: null,
  ...change,
});

function goalWith(
  parts: { tasks?: Task[]; attempts?: Attempt[]; items?: Item[] } & Partial<Omit<Goal, 'tasks' | 'attempts' | 'items'>>,
): Goal {
  const { tasks = [], attempts = [], items = [], ...rest } = parts;
  const byId = <T extends { id: string }>(all: T[]) => Object.fromEntries(all.map((each) => [each.id, each]));
  return {
    ...emptyGoal('goal_1'),
    status: 'running',
    statedAt: 1,
    agents: { ann: agent('ann'), bob: agent('bob') },
    ...rest,
    tasks: byId(tasks),
    attempts: byId(attempts),
    items: byId(items),
  };
}

const ofTask = (goal: Goal, id: string) => whyOf(goal, { kind: 'task', id });
const path = (goal: Goal, id: string) => ofTask(goal, id)?.chain.map((link) => `${link.subject.id} ${link.cause}`);

describe('why something does not move', () => {
  it('follows task, dependency, attempt and item to the one thing the CEO can do', () => {
    const goal = goalWith({
      tasks: [
        task('a', { status: 'active', attempts: ['a1'] }),
        task('b', { dependsOn: ['a'] }),
        task('c', { dependsOn: ['b'] }),
      ],
      attempts: [attempt('a1', 'a', waits('permission', { on: 'i' }))],
      items: [item('i', { task: 'a', attempt: 'a1' })],
    });
    expect(path(goal, 'c')).toEqual(['c dependency', 'b dependency', 'a attempt', 'a1 permission', 'i asked']);
    const why = ofTask(goal, 'c');
    expect([why?.owner, why?.action, why?.since]).toEqual(['ceo', { do: 'answer', item: 'i' }, 5]);
    expect(describeTask(goal, goal.tasks['c'] as Task, textOf)).toEqual({
      standing: 'waiting',
      why: 'after Title b',
      turn: 'your turn',
    });
    expect(describeTask(goal, goal.tasks['a'] as Task, textOf)).toEqual({
      standing: 'needs-you',
      why: 'asks for permission',
      turn: 'your turn',
    });
  });

  it('has nothing to say of what moves, and names who works at the end of a chain', () => {
    const goal = goalWith({
      tasks: [task('a', { status: 'active', attempts: ['a1'] }), task('b', { dependsOn: ['a'] })],
      attempts: [attempt('a1', 'a')],
    });
    expect(ofTask(goal, 'a')).toBeNull();
    expect([ofTask(goal, 'b')?.owner, ofTask(goal, 'b')?.action]).toEqual(['ann', { do: 'look', attempt: 'a1' }]);
  });

  it('tells the worst of all dependencies, and the best of all who could do it', () => {
    const goal = goalWith({
      tasks: [
        task('runs', { status: 'active', attempts: ['r1'] }),
        task('asks', { status: 'active', attempts: ['q1'] }),
        task('both', { dependsOn: ['runs', 'asks'] }),
        task('next'),
      ],
      attempts: [attempt('r1', 'runs'), attempt('q1', 'asks', { agent: 'bob', ...waits('question', { on: 'i' }) })],
      items: [item('i', { kind: 'question', task: 'asks', attempt: 'q1' })],
    });
    expect(ofTask(goal, 'both')?.action).toEqual({ do: 'answer', item: 'i' });
    // Ann is the first who can be free; meanwhile it can be given to somebody else.
    expect(path(goal, 'next')).toEqual(['next busy', 'r1 moves']);
    expect(ofTask(goal, 'next')?.action).toEqual({ do: 'assign', task: 'next' });
  });

  it('finds agents that wait for each other, and what breaks the circle', () => {
    const goal = goalWith({
      tasks: [
        task('a', { status: 'active', attempts: ['a1'] }),
        task('b', { status: 'active', attempts: ['b1'] }),
        task('c', { dependsOn: ['a'] }),
      ],
      attempts: [
        attempt('a1', 'a', waits('answer', { owner: 'bob', on: 'msg_1' })),
        attempt('b1', 'b', { agent: 'bob', ...waits('answer', { owner: 'ann', on: 'msg_2' }) }),
      ],
    });
    for (const id of ['a', 'b', 'c']) {
      expect(ofTask(goal, id)?.chain.at(-1)?.cause).toBe('circle');
      expect(ofTask(goal, id)).toMatchObject({ owner: 'ceo', action: { do: 'answer-message' } });
    }
    const again = goalWith({ tasks: [task('x', { dependsOn: ['y'] }), task('y', { dependsOn: ['x'] })] });
    expect(ofTask(again, 'x')?.action).toEqual({ do: 'unlink', task: 'x', on: 'y' });
  });

  it('follows a question into the reply task that answers it', () => {
    const goal = goalWith({
      tasks: [
        task('a', { status: 'active', attempts: ['a1'] }),
        task('re', { kind: 'reply', about: 'msg_1', assignee: { kind: 'agent', agent: 'bob' } }),
      ],
      attempts: [attempt('a1', 'a', waits('answer', { owner: 'bob', on: 'msg_1' }))],
      pausedAgents: ['bob'],
    });
    expect(path(goal, 'a')).toEqual(['a attempt', 'a1 answer', 're agent-paused']);
    expect(ofTask(goal, 'a')?.action).toEqual({ do: 'unpause-agent', agent: 'bob' });
  });

  it('tells the merge queue from the front', () => {
    const queued = { status: 'merge-queued' } as const;
    const goal = goalWith({
      tasks: ['a', 'b', 'c'].map((id) => task(id, { status: 'active', attempts: [`${id}1`] })),
      attempts: [attempt('a1', 'a', { status: 'merging' }), attempt('b1', 'b', queued), attempt('c1', 'c', queued)],
      mergeQueue: ['b1', 'c1'],
    });
    expect(whyOf(goal, { kind: 'merge', id: 'c1' })).toMatchObject({ cause: 'merge-turn', owner: 'system' });
    expect(whyOf(goal, { kind: 'merge', id: 'a1' })).toBeNull();
  });

  it('knows no cause of a newer version, and still says whose turn it is', () => {
    const tasks = [task('a', { status: 'active', attempts: ['a1'] })];
    const of = (change: object) => goalWith({ tasks, attempts: [attempt('a1', 'a', waits('eclipse', change))] });
    expect(ofTask(of({ owner: 'nobody-known' }), 'a')).toMatchObject({ owner: 'ceo', action: { do: 'look' } });
    expect(ofTask(of({ until: 99 }), 'a')).toMatchObject({ owner: 'system', action: { do: 'wait', until: 99 } });
    const goal = of({ owner: 'system' });
    const why = ofTask(goal, 'a');
    expect(why && sayWhy(goal, why, textOf).sentence).toBe('waits');
  });

  it('says of the whole goal what helps it most', () => {
    expect(whyOf(goalWith({ status: 'ready', endedAt: 3 }), { kind: 'goal', id: 'goal_1' })).toMatchObject({
      cause: 'ready',
      owner: 'ceo',
      since: 3,
      action: { do: 'accept' },
    });
    const goal = goalWith({
      tasks: [task('a', { status: 'active', attempts: ['a1'] }), task('f', { status: 'failed', endedAt: 4 })],
      attempts: [attempt('a1', 'a', waits('upstream', { owner: 'system', until: 50 }))],
    });
    expect(whyOf(goal, { kind: 'goal', id: 'goal_1' })).toMatchObject({
      owner: 'ceo',
      action: { do: 'retry-task', task: 'f' },
    });
  });

  it('follows ten thousand tasks in a row, asked from either end', () => {
    const many = Array.from({ length: 10_000 }, (_, at) =>
      task(`t${at}`, { dependsOn: at === 0 ? [] : [`t${at - 1}`] }),
    );
    for (const tasks of [many, many.toReversed()]) {
      const goal = goalWith({ tasks, pausedAgents: ['ann', 'bob'] });
      expect(ofTask(goal, 't9999')?.action).toEqual({ do: 'unpause-agent', agent: 'ann' });
      expect(whyOf(goal, { kind: 'goal', id: 'goal_1' })?.owner).toBe('ceo');
    }
  });
});
