import { describe, expect, it } from 'vitest';
import type { Task } from '#protocol/model/goal/state.ts';
import { attemptOf, type Bench, bench, endRun, planned, runOf, start, stated, taskOf, work } from './test-kit.ts';

/** A goal whose plan has one task, made by its Lead. */
function withPlan(): Bench {
  const on = bench();
  on.do(stated());
  const plan = taskOf(on, 'Plan the goal');
  const run = start(on, plan);
  on.do({ type: 'propose-plan', run, tasks: [planned('one')] });
  endRun(on, plan, 'completed');
  return on;
}

const one = (on: Bench) => taskOf(on, 'Title of one');

function consultation(on: Bench): Task {
  const task = Object.values(on.goal().tasks).findLast((each) => each.kind === 'plan' && each.about !== null);
  if (!task) throw new Error('the Lead was not asked');
  return task;
}

function fail(on: Bench): void {
  for (let attempt = 0; attempt < 2; attempt += 1)
    on.do({ type: 'unprepared', attempt: attemptOf(on, one(on)).id, why: 'no disk', cause: 'stuck' });
}

const asked = (on: Bench) => Object.values(on.goal().items).filter((item) => !item.closed);

describe('the Lead, before the CEO', () => {
  it('looks at a task that failed, with what went wrong, and puts the plan right', () => {
    const on = withPlan();
    fail(on);
    expect([one(on).status, asked(on).length]).toEqual(['failed', 0]);
    const run = start(on, consultation(on));
    const ordered = on.events.findLast(({ event }) => event.type === 'run.ordered')?.event;
    expect(ordered?.type === 'run.ordered' && on.texts.get(ordered.about[0]?.id ?? '')).toBe('no disk');
    on.do({ type: 'apply-plan', added: [planned('instead')], changed: [], removed: [one(on).id], by: 'lead', run });
    on.do({ type: 'claim', run, claim: 'done', summary: 'Another way.' });
    endRun(on, consultation(on), 'completed');
    expect([one(on).status, taskOf(on, 'Title of instead').status]).toEqual(['cancelled', 'active']);
    expect(asked(on)).toEqual([]);
  });

  it('that sees no way leaves it to the CEO, with its word', () => {
    const on = withPlan();
    fail(on);
    const run = start(on, consultation(on));
    on.do({ type: 'claim', run, claim: 'blocked', summary: 'Beyond us.' });
    endRun(on, consultation(on), 'completed');
    expect(asked(on)).toMatchObject([{ kind: 'stuck', task: one(on).id }]);
    expect(on.texts.get(asked(on)[0]?.detail?.id ?? '')).toBe('Beyond us.');
  });

  it('advises an agent that cannot go on, which then does', () => {
    const on = withPlan();
    const stuck = start(on, one(on));
    on.do({ type: 'claim', run: stuck, claim: 'blocked', summary: 'Which port?' });
    endRun(on, one(on), 'completed');
    expect(attemptOf(on, one(on)).wait).toMatchObject({ cause: 'stuck', owner: 'lead', on: consultation(on).id });
    work(on, consultation(on));
    const ordered = on.events.findLast(({ event }) => event.type === 'run.ordered')?.event;
    expect(ordered).toMatchObject({ reason: 'advised', run: runOf(on, one(on)) });
    expect(asked(on)).toEqual([]);
  });

  it('is asked twice about one task at most', () => {
    const on = withPlan();
    for (let times = 0; times < 2; times += 1) {
      fail(on);
      const run = start(on, consultation(on));
      on.do({ type: 'apply-plan', added: [], changed: [], removed: [], retried: [one(on).id], by: 'lead', run });
      on.do({ type: 'claim', run, claim: 'done', summary: 'Again.' });
      endRun(on, consultation(on), 'completed');
      on.do({ type: 'unprepared', attempt: attemptOf(on, one(on)).id, why: 'no disk', cause: 'stuck' });
    }
    expect(asked(on)).toMatchObject([{ kind: 'stuck', task: one(on).id }]);
  });

  it('alone changes the plan: nobody else may propose an edit', () => {
    const on = withPlan();
    const run = start(on, one(on));
    const refused = on.do({ type: 'propose-edit', run, text: 'nodes: []', lines: ['- x'], retried: [] });
    expect(refused.kind).toBe('refused');
  });
});
