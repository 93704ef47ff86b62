import { describe, expect, it } from 'vitest';
import { type Attempt, emptyGoal, type Goal, type Item, type Task } from '#protocol/model/goal/state.ts';
import { helpFor, mayRevise, since } from './help.ts';

const text = { id: 't', hash: 'h' };
const agent = (id: string) => ({ id, name: id, role: id, driver: 'd', model: 'm', lead: false });

function task(change: Partial<Task> = {}): Task {
  return {
    id: 'task',
    kind: 'work',
    title: text,
    brief: text,
    assignee: { kind: 'agent', agent: 'qa' },
    dependsOn: [],
    status: 'active',
    by: 'ceo',
    about: null,
    attempts: ['one'],
    addedAt: 1,
    endedAt: null,
    ...change,
  };
}

function goalWith(attempt: Partial<Attempt>, items: readonly Item[] = []): Goal {
  const one = {
    id: 'one',
    task: 'task',
    agent: 'qa',
    status: 'running',
    runs: [],
    wait: null,
    changedAt: 5,
    ...attempt,
  };
  return {
    ...emptyGoal('goal'),
    status: 'running',
    agents: { qa: agent('qa'), backend: agent('backend') },
    attempts: { one: one as unknown as Attempt },
    items: Object.fromEntries(items.map((item) => [item.id, item])),
  };
}

const wait = (cause: 'answer' | 'interrupted' | 'budget', owner: string) =>
  ({ cause, owner, on: null, toolUseId: null, until: null, since: 7, detail: null }) as const;
const named = (goal: Goal, of: Task) => helpFor(goal, of).map((help) => help.do);

describe('what helps a task', () => {
  it('offers to interrupt what runs and to take it back', () => {
    expect(named(goalWith({}), task())).toEqual(['interrupt', 'assign', 'take-back', 'cancel']);
  });

  it('offers to remind whoever owes an answer, but not the system', () => {
    const goal = goalWith({ status: 'waiting', wait: wait('answer', 'backend') });
    expect(helpFor(goal, task())[0]).toEqual({ do: 'remind', agent: 'backend' });
    expect(named(goalWith({ status: 'waiting', wait: wait('answer', 'system') }), task())).not.toContain('remind');
  });

  it('offers what ends the wait', () => {
    expect(named(goalWith({ status: 'waiting', wait: wait('interrupted', 'ceo') }), task())).toContain('resume');
    expect(named(goalWith({ status: 'waiting', wait: wait('budget', 'ceo') }), task())).toContain('raise');
  });

  it('puts what the CEO is asked first', () => {
    const item: Item = {
      id: 'item',
      kind: 'unverified',
      task: 'task',
      attempt: 'one',
      title: text,
      detail: null,
      openedAt: 1,
      closed: null,
    };
    const goal = goalWith({ status: 'waiting', wait: wait('answer', 'backend') }, [item]);
    expect(named(goal, task({ status: 'unverified' }))[0]).toBe('accept');
    expect(named(goalWith({}, [{ ...item, kind: 'question' }]), task())[0]).toBe('answer');
  });

  it('offers a failed task a new try and a done one nothing', () => {
    expect(named(goalWith({ status: 'failed' }), task({ status: 'failed' }))).toEqual(['retry', 'assign', 'cancel']);
    expect(named(goalWith({ status: 'merged' }), task({ status: 'done' }))).toEqual([]);
  });

  it('lets a text be changed until an agent has read it', () => {
    expect(mayRevise(task({ status: 'open' }))).toBe(true);
    expect(mayRevise(task())).toBe(false);
    expect(mayRevise(task({ status: 'open', kind: 'plan' }))).toBe(false);
  });

  it('knows since when it stands so', () => {
    expect(since(goalWith({}), task())).toBe(5);
    expect(since(goalWith({ status: 'waiting', wait: wait('answer', 'backend') }), task())).toBe(7);
    expect(since(goalWith({}), task({ attempts: [] }))).toBe(1);
    expect(since(goalWith({}), task({ endedAt: 9 }))).toBe(9);
  });
});
