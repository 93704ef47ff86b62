import { describe, expect, it } from 'vitest';
import { describeGoal, describeTask } from '#protocol/model/goal/describe.ts';
import { goalEvent } from '#protocol/model/goal/event.ts';
import { evolveGoal } from '#protocol/model/goal/evolve.ts';
import { emptyGoal } from '#protocol/model/goal/state.ts';
import type { ProposedTask } from './command.ts';
import {
  attemptOf,
  type Bench,
  bench,
  check,
  endRun,
  merge,
  planned,
  runOf,
  start,
  stated,
  taskOf,
  work,
} from './test-kit.ts';

const titled = (on: Bench, key: string) => taskOf(on, `Title of ${key}`);
const refusal = (decision: ReturnType<Bench['do']>) => (decision.kind === 'refused' ? decision.fault : undefined);
const standing = (on: Bench) => describeGoal(on.goal());
const textOf = (on: Bench) => (ref: { id: string } | null) => on.texts.get(ref?.id ?? '') ?? '';

const backlog = (key: string, dependsOn: readonly string[] = []): ProposedTask => ({
  ...planned(key, dependsOn),
  assignee: { kind: 'nobody' },
});

/** A board with these tasks in its backlog. */
function board(...tasks: ProposedTask[]): Bench {
  const on = bench();
  on.do(stated({ board: true, text: 'Errands' }));
  if (tasks.length > 0) on.do({ type: 'add-tasks', tasks, by: 'ceo' });
  return on;
}

const give = (on: Bench, key: string, agent: string) =>
  on.do({ type: 'assign', task: titled(on, key).id, assignee: { kind: 'agent', agent }, by: 'ceo' });

function finish(on: Bench, key: string): void {
  work(on, titled(on, key));
  check(on, titled(on, key), 'passed');
  merge(on, titled(on, key), 'merged');
}

describe('a board', () => {
  it('is running and empty: nothing is planned, checked or stuck', () => {
    const on = board();
    expect(on.goal()).toMatchObject({ status: 'running', tasks: {}, attempts: {}, items: {} });
    expect(standing(on)).toEqual({ standing: 'idle', why: 'has no tasks yet' });
  });

  it('needs no Lead', () => {
    const on = bench();
    on.do(stated({ board: true, agents: [] }));
    expect(on.goal().status).toBe('running');
  });

  it('never starts what is in the backlog', () => {
    const on = board(backlog('one'), backlog('two', ['one']));
    on.do({ type: 'continue', by: 'ceo' });
    expect(Object.keys(on.goal().attempts)).toEqual([]);
    expect(on.goal().status).toBe('running');
    expect(standing(on)).toEqual({ standing: 'needs-you', why: 'the backlog waits for you' });
    expect(describeTask(on.goal(), titled(on, 'one'), textOf(on)).why).toBe('in the backlog; give it to an agent');
  });

  it('runs a task when it is given to an agent, and keeps running while the backlog waits', () => {
    const on = board(backlog('one'), backlog('two'));
    give(on, 'one', 'bob');
    expect(attemptOf(on, titled(on, 'one'))).toMatchObject({ agent: 'bob', status: 'preparing' });
    expect(standing(on).why).toBe('running');
    finish(on, 'one');
    expect(on.goal().status).toBe('running');
    expect(standing(on).why).toBe('the backlog waits for you');
  });

  it('is verified when every task is done, and a new task sets it running again', () => {
    const on = board(backlog('one'));
    give(on, 'one', 'ann');
    finish(on, 'one');
    expect(on.goal().status).toBe('verifying');
    on.do({ type: 'goal-checked', result: 'passed', commit: 'tip', exitCode: 0, output: '' });
    expect(on.goal().status).toBe('ready');
    on.do({ type: 'add-tasks', tasks: [backlog('two')], by: 'ceo' });
    expect(on.goal().status).toBe('running');
    expect(standing(on).why).toBe('the backlog waits for you');
  });

  it('is empty again, not stuck, when its tasks were taken out', () => {
    const on = board(backlog('one'));
    on.do({ type: 'cancel-task', task: titled(on, 'one').id, by: 'ceo' });
    expect(on.goal().status).toBe('running');
    expect(standing(on).why).toBe('has no tasks yet');
  });

  it('holds what depends on the backlog', () => {
    const on = board(backlog('one'), planned('two', ['one']));
    expect(titled(on, 'two').status).toBe('open');
    expect(describeTask(on.goal(), titled(on, 'two'), textOf(on)).why).toBe('after Title of one');
    expect(standing(on).why).toBe('the backlog waits for you');
  });

  it('lets only the CEO write to the backlog', () => {
    const on = board();
    expect(refusal(on.do({ type: 'add-tasks', tasks: [backlog('one')], by: 'ann' }))?.tag).toBe('bad-plan');
  });

  it('takes the title for the brief where there is none', () => {
    const on = board({ ...backlog('one'), brief: '' });
    expect(titled(on, 'one').brief).toEqual(titled(on, 'one').title);
    on.do({ type: 'revise', task: titled(on, 'one').id, title: 'Better' });
    expect(taskOf(on, 'Better').brief).toEqual(taskOf(on, 'Better').title);
  });

  it('has room for more tasks than agents may add', () => {
    const on = board(...Array.from({ length: 60 }, (_, index) => backlog(`t${index}`)));
    expect(Object.keys(on.goal().tasks)).toHaveLength(60);
    expect(refusal(on.do({ type: 'add-tasks', tasks: [planned('more')], by: 'ann' }))?.tag).toBe('too-many-tasks');
  });

  it('reads goals that were stated before there were boards', () => {
    const { board: _, ...old }: Record<string, unknown> = { ...board().events[0]?.event };
    const goal = evolveGoal(emptyGoal('g'), goalEvent.parse({ ...old, solo: null }), 1);
    expect(goal).toMatchObject({ board: false, status: 'planning', dismissed: [], pausedAgents: [], held: [] });
  });
});

describe('taking a task back', () => {
  it('stops the attempt, keeps its workspace, and puts the task into the backlog', () => {
    const on = board(backlog('one'));
    give(on, 'one', 'ann');
    const run = start(on, titled(on, 'one'));
    const before = on.events.length;
    on.do({ type: 'unassign', task: titled(on, 'one').id, by: 'ceo' });
    expect(on.events.slice(before).map(({ event }) => event.type)).toEqual([
      'run.interrupt-ordered',
      'attempt.ended',
      'task.reopened',
      'task.assigned',
      'plan-file.ordered',
    ]);
    expect(attemptOf(on, titled(on, 'one')).status).toBe('cancelled');
    expect(titled(on, 'one')).toMatchObject({ status: 'open', assignee: { kind: 'nobody' } });
    expect(refusal(on.do({ type: 'claim', run, claim: 'done', summary: 's' }))?.tag).toBe('fenced');
    give(on, 'one', 'bob');
    expect(attemptOf(on, titled(on, 'one'))).toMatchObject({ agent: 'bob', number: 2 });
  });

  it('closes what was asked about it', () => {
    const on = board(backlog('one'));
    give(on, 'one', 'ann');
    start(on, titled(on, 'one'));
    endRun(on, titled(on, 'one'), 'budget');
    on.do({ type: 'unassign', task: titled(on, 'one').id, by: 'ceo' });
    expect(Object.values(on.goal().items).every((item) => item.closed)).toBe(true);
  });

  it('waits for a merge and refuses what is over', () => {
    const on = board(backlog('one'));
    give(on, 'one', 'ann');
    work(on, titled(on, 'one'));
    check(on, titled(on, 'one'), 'passed');
    const undo = () => refusal(on.do({ type: 'unassign', task: titled(on, 'one').id, by: 'ceo' }))?.tag;
    expect(undo()).toBe('merging');
    merge(on, titled(on, 'one'), 'merged');
    expect(undo()).toBe('task-over');
  });

  it('tells a delegator that its task is in the backlog', () => {
    const on = board(backlog('one'));
    give(on, 'one', 'ann');
    const run = start(on, titled(on, 'one'));
    on.do({ type: 'add-tasks', tasks: [planned('help', [], 'test')], by: 'ann', awaitedBy: run });
    endRun(on, titled(on, 'one'), 'completed');
    on.do({ type: 'unassign', task: titled(on, 'help').id, by: 'ceo' });
    expect(describeTask(on.goal(), titled(on, 'one'), textOf(on))).toMatchObject({ standing: 'needs-you' });
    expect(refusal(give(on, 'help', 'ann'))?.tag).toBe('waits-for-you');
    expect(give(on, 'help', 'bob').kind).toBe('events');
  });
});

describe('stopping everything', () => {
  it('pauses, interrupts, asks nobody, and goes on with the goal', () => {
    const on = board(backlog('one'), backlog('two'));
    give(on, 'one', 'ann');
    start(on, titled(on, 'one'));
    on.do({ type: 'hold', by: 'ceo' });
    endRun(on, titled(on, 'one'), 'interrupted');
    give(on, 'two', 'bob');
    expect(on.goal().items).toEqual({});
    expect(titled(on, 'two').status).toBe('open');
    expect(describeTask(on.goal(), titled(on, 'one'), textOf(on)).standing).toBe('waiting');
    on.do({ type: 'continue', by: 'ceo' });
    expect(on.goal().runs[runOf(on, titled(on, 'one'))]).toMatchObject({ reason: 'resumed', resume: true });
    expect(titled(on, 'two').status).toBe('active');
  });

  it('lets a run go on that ends after the goal went on', () => {
    const on = board(backlog('one'));
    give(on, 'one', 'ann');
    const run = start(on, titled(on, 'one'));
    on.do({ type: 'hold', by: 'ceo' });
    on.do({ type: 'continue', by: 'ceo' });
    endRun(on, titled(on, 'one'), 'interrupted');
    expect(runOf(on, titled(on, 'one'))).not.toBe(run);
    expect(attemptOf(on, titled(on, 'one')).status).toBe('queued');
  });
});
