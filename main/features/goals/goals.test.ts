import { describe, expect, it } from 'vitest';
import {
  attemptOf,
  type Bench,
  bench,
  check,
  endRun,
  LIMITS,
  merge,
  planned,
  runOf,
  start,
  stated,
  taskOf,
  work,
} from './test-kit.ts';

const PLAN = 'Plan the goal';

/** A goal whose plan is made. */
function withPlan(tasks = [planned('one'), planned('two', ['one'])], mode: 'ask' | 'go' = 'go'): Bench {
  const on = bench();
  on.do(stated({ mode }));
  const run = start(on, taskOf(on, PLAN));
  on.do({ type: 'propose-plan', run, tasks });
  on.do({ type: 'claim', run, claim: 'done', summary: 'Planned.' });
  endRun(on, taskOf(on, PLAN), 'completed');
  return on;
}

const titled = (on: Bench, key: string) => taskOf(on, `Title of ${key}`);
const openItems = (on: Bench) => Object.values(on.goal().items).filter((item) => item.closed === null);
const refusal = (decision: ReturnType<Bench['do']>) => (decision.kind === 'refused' ? decision.fault : undefined);

/** Takes a task all the way. */
function finish(on: Bench, key: string): void {
  work(on, titled(on, key));
  check(on, titled(on, key), 'passed');
  merge(on, titled(on, key), 'merged');
}

describe('a goal', () => {
  it('goes from its plan over work, check and merge to ready and accepted', () => {
    const on = withPlan();
    expect(on.goal().status).toBe('running');
    expect(titled(on, 'two').status).toBe('open');
    finish(on, 'one');
    expect(titled(on, 'two').status).toBe('active');
    finish(on, 'two');
    expect(on.goal().status).toBe('verifying');
    on.do({ type: 'goal-checked', result: 'passed', commit: 'tip', exitCode: 0, output: '' });
    expect(on.goal()).toMatchObject({ status: 'ready', tip: 'tip' });
    on.do({ type: 'accept', target: 'main', by: 'ceo' });
    expect(refusal(on.do({ type: 'stop', by: 'ceo' }))?.tag).toBe('accepting');
    on.do({ type: 'accept-ended', result: 'accepted', commit: 'x', detail: '' });
    expect(on.goal().status).toBe('accepted');
  });

  it('waits for the CEO in ask mode, and plans anew when the plan is turned down', () => {
    const on = withPlan([planned('one')], 'ask');
    expect(on.goal().status).toBe('awaiting-approval');
    expect(titled(on, 'one').status).toBe('proposed');
    on.do({ type: 'answer', item: openItems(on)[0]?.id ?? '', answer: 'deny', text: 'Smaller.', by: 'ceo' });
    expect(titled(on, 'one').status).toBe('cancelled');
    expect(on.goal().status).toBe('planning');
  });

  it('refuses a plan with everything that is wrong with it', () => {
    const on = bench();
    on.do(stated());
    const run = start(on, taskOf(on, PLAN));
    const why = refusal(
      on.do({
        type: 'propose-plan',
        run,
        tasks: [
          planned('a', ['b']),
          planned('b', ['a']),
          planned('A'),
          planned('c', ['nowhere']),
          planned('d', [], 'nobody'),
        ],
      }),
    )?.why;
    expect(why).toMatch(/used twice/);
    expect(why).toMatch(/a -> b -> a|b -> a -> b/);
    expect(why).toMatch(/"nowhere", which does not exist/);
    expect(why).toMatch(/nobody can take "d"/);
    expect(Object.keys(on.goal().tasks)).toHaveLength(1);
  });

  it('refuses a dependency that would close a circle', () => {
    const on = withPlan([planned('one'), planned('two', ['one']), planned('three', ['two'])]);
    expect(refusal(on.do({ type: 'link', task: titled(on, 'two').id, on: titled(on, 'three').id }))?.tag).toBe('cycle');
  });

  it('resumes an agent with the answer to its question', () => {
    const on = withPlan([planned('one')]);
    const run = start(on, titled(on, 'one'));
    const deferral = {
      toolUseId: 'tu',
      cause: 'question' as const,
      owner: 'ceo',
      on: null,
      title: 'Red or blue?',
      detail: '',
    };
    on.do({ type: 'run-deferred', run, deferral });
    endRun(on, titled(on, 'one'), 'deferred');
    expect(attemptOf(on, titled(on, 'one'))).toMatchObject({
      status: 'waiting',
      wait: { cause: 'question', owner: 'ceo' },
    });
    on.do({ type: 'answer', item: openItems(on)[0]?.id ?? '', answer: 'reply', text: 'Blue.', by: 'ceo' });
    const ordered = on.events.at(-1)?.event;
    expect(ordered).toMatchObject({
      type: 'run.ordered',
      resume: true,
      resolved: [{ toolUseId: 'tu', decision: 'allow' }],
    });
  });

  it('does not take the end of a replaced run for the end of the one that replaced it', () => {
    const on = withPlan([planned('one')]);
    const old = start(on, titled(on, 'one'));
    on.do({
      type: 'run-deferred',
      run: old,
      deferral: { toolUseId: 'tu', cause: 'answer', owner: 'bob', on: 'msg', title: '', detail: '' },
    });
    on.do({ type: 'message-answered', message: 'msg' });
    expect(runOf(on, titled(on, 'one'))).not.toBe(old);
    on.do({ type: 'run-ended', run: old, outcome: 'crashed', detail: '', usage: null });
    expect(attemptOf(on, titled(on, 'one')).status).toBe('queued');
  });

  it('gives work back until the fixes are used, tries anew, then fails and asks', () => {
    const on = withPlan([planned('one')]);
    // No Lead looks at it first.
    on.do({ type: 'pause-agent', agent: 'lead', paused: true, by: 'ceo' });
    for (let attempt = 1; attempt <= LIMITS.attempts; attempt += 1) {
      work(on, titled(on, 'one'));
      check(on, titled(on, 'one'), 'failed');
      expect(attemptOf(on, titled(on, 'one'))).toMatchObject({ status: 'queued', number: attempt, claim: null });
      const run = runOf(on, titled(on, 'one'));
      on.do({ type: 'run-started', run });
      on.do({ type: 'claim', run, claim: 'done', summary: 's' });
      endRun(on, titled(on, 'one'), 'completed');
      check(on, titled(on, 'one'), 'failed');
    }
    expect(titled(on, 'one').status).toBe('failed');
    expect(on.goal().status).toBe('stuck');
    const [item] = openItems(on);
    expect(item).toMatchObject({ kind: 'stuck', task: titled(on, 'one').id });
    on.do({ type: 'answer', item: item?.id ?? '', answer: 'retry', text: '', by: 'ceo' });
    expect(on.goal().status).toBe('running');
    expect(titled(on, 'one').status).toBe('active');
  });

  it('goes on without a failed task that the CEO gives up', () => {
    const on = withPlan([planned('one'), planned('two', ['one'])]);
    // No Lead looks at it first.
    on.do({ type: 'pause-agent', agent: 'lead', paused: true, by: 'ceo' });
    on.do({ type: 'unprepared', attempt: attemptOf(on, titled(on, 'one')).id, why: '', cause: 'stuck' });
    on.do({ type: 'unprepared', attempt: attemptOf(on, titled(on, 'one')).id, why: '', cause: 'stuck' });
    expect(on.goal().status).toBe('stuck');
    on.do({ type: 'answer', item: openItems(on)[0]?.id ?? '', answer: 'stop', text: '', by: 'ceo' });
    expect(titled(on, 'one').status).toBe('cancelled');
    expect(on.goal().status).toBe('running');
    finish(on, 'two');
    expect(on.goal().status).toBe('verifying');
  });

  it('waits at the budget and goes on when it is covered', () => {
    const on = withPlan([planned('one')]);
    start(on, titled(on, 'one'));
    endRun(on, titled(on, 'one'), 'budget');
    expect(attemptOf(on, titled(on, 'one')).wait).toMatchObject({ cause: 'budget', owner: 'ceo' });
    on.do({ type: 'covered' });
    expect(openItems(on)).toEqual([]);
    expect(attemptOf(on, titled(on, 'one')).status).toBe('queued');
  });

  it('stops everything and takes up what was not done', () => {
    const on = withPlan([planned('one'), planned('two')]);
    finish(on, 'one');
    const run = start(on, titled(on, 'two'));
    on.do({ type: 'stop', by: 'ceo' });
    expect(attemptOf(on, titled(on, 'two')).status).toBe('cancelled');
    expect(refusal(on.do({ type: 'run-started', run }))?.tag).toBe('fenced');
    on.do({ type: 'continue', by: 'ceo' });
    expect(titled(on, 'one').status).toBe('done');
    expect(attemptOf(on, titled(on, 'two'))).toMatchObject({ status: 'preparing', number: 2 });
  });

  it('resumes lost runs as often as it takes; crashes only a few times', () => {
    const on = withPlan([planned('one')]);
    start(on, titled(on, 'one'));
    for (let count = 0; count < 20; count += 1) {
      endRun(on, titled(on, 'one'), 'lost');
      on.do({ type: 'run-started', run: runOf(on, titled(on, 'one')) });
    }
    expect(attemptOf(on, titled(on, 'one'))).toMatchObject({ status: 'running', number: 1, recoveries: 0 });
    for (let count = 0; count <= LIMITS.recoveries; count += 1) {
      endRun(on, titled(on, 'one'), 'crashed');
      on.do({ type: 'run-started', run: runOf(on, titled(on, 'one')) });
    }
    expect(attemptOf(on, titled(on, 'one'))).toMatchObject({ number: 1, wait: { cause: 'handoff' } });
  });

  it('checks work that was claimed before its process was lost', () => {
    const on = withPlan([planned('one')]);
    const run = start(on, titled(on, 'one'));
    on.do({ type: 'claim', run, claim: 'done', summary: 's' });
    endRun(on, titled(on, 'one'), 'lost');
    expect(attemptOf(on, titled(on, 'one')).status).toBe('verifying');
  });

  it('refuses to wait for somebody who waits for oneself', () => {
    const on = withPlan([planned('one', [], 'test'), planned('two')]);
    const tess = start(on, titled(on, 'one'));
    const delegate = (run: string, role: string) =>
      on.do({ type: 'add-tasks', tasks: [planned(`for-${role}`, [], role)], by: 'x', awaitedBy: run });
    expect(refusal(delegate(tess, 'test'))?.tag).toBe('waits-for-you');
    expect(delegate(tess, 'work').kind).toBe('events');
    const worker = start(on, titled(on, 'two'));
    on.do({
      type: 'assign',
      task: titled(on, 'for-work').id,
      assignee: { kind: 'agent', agent: attemptOf(on, titled(on, 'two')).agent },
      by: 'ceo',
    });
    const answer = delegate(worker, 'test');
    // Only where the helper is already at work on it, or could be somebody else, is there a way out.
    expect(answer.kind).toBe(titled(on, 'for-work').status === 'active' ? 'events' : 'refused');
  });
});
