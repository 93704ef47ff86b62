import { describe, expect, it } from 'vitest';
import { describeTask } from '#protocol/model/goal/describe.ts';
import { type Attempt, emptyGoal, type Goal, type Task } from '#protocol/model/goal/state.ts';
import { graphOf } from '../model.ts';
import { depthsOf } from '../place.ts';
import { badgesOf, gateState } from './badges.ts';
import { awaitedSignals } from './signals.ts';

const ref = { id: 't', hash: 'h' };

function task(id: string, change: Partial<Task> = {}): Task {
  return {
    id,
    kind: 'work',
    title: ref,
    brief: ref,
    assignee: { kind: 'anyone' },
    dependsOn: [],
    status: 'open',
    by: 'ceo',
    about: null,
    attempts: [],
    addedAt: 0,
    endedAt: null,
    ...change,
  };
}

const agent = (id: string, role: string) => ({
  id,
  name: id.toUpperCase(),
  role,
  driver: 'x',
  model: 'x',
  lead: false,
});

function goalWith(...tasks: readonly Task[]): Goal {
  return {
    ...emptyGoal('g'),
    status: 'running',
    agents: { ada: agent('ada', 'backend'), qa: agent('qa', 'qa') },
    tasks: Object.fromEntries(tasks.map((each) => [each.id, each])),
  };
}

const attempt = (change: Partial<Attempt>) => ({ id: 'a1', task: 'a', agent: 'ada', wait: null, ...change }) as Attempt;
const kinds = (goal: Goal, of: Task) => badgesOf(goal, of).map(({ kind, value }) => `${kind} ${value}`.trim());

describe('a plan with nodes of every kind', () => {
  const goal = goalWith(
    task('try'),
    task('fix', { dependsOn: ['try'], spec: { onlyIf: { task: 'try', is: 'found' } } }),
    task('tell', { spec: { onlyIf: { task: 'fix', is: 'failed' } } }),
    task('group', { kind: 'group', dependsOn: ['fix'] }),
    task('one', { spec: { parent: 'group' } }),
    task('gate', { kind: 'gate', dependsOn: ['group'], spec: { gate: { kind: 'event', name: 'deployed' } } }),
    task('unneeded', { status: 'cancelled', skipped: true, dependsOn: ['gate'] }),
    task('judging', { kind: 'review', about: 'a1' }),
  );

  it('has a card for each but reviews, and edges that say what is a condition and what is a part', () => {
    const graph = graphOf(goal, {}, undefined);
    expect(graph.tasks).toEqual(['try', 'fix', 'tell', 'group', 'one', 'gate', 'unneeded']);
    expect(graph.edges.map(({ id, count }) => `${id} ${count}`)).toEqual([
      'link:fix>try 1',
      'if:tell>fix 1',
      'link:group>fix 0',
      'part:one 0',
      'link:gate>group 0',
      'link:unneeded>gate 0',
    ]);
  });

  it('stands in the order it happens: parts after their sub-plan, what waits for a sub-plan after its parts', () => {
    const depths = depthsOf(goal, ['try', 'fix', 'tell', 'group', 'one', 'gate']);
    expect(['try', 'fix', 'tell', 'group', 'one', 'gate'].map((id) => depths.get(id))).toEqual([0, 1, 2, 2, 3, 4]);
  });
});

describe('badges of a task', () => {
  it('say who will judge it, who does, and what was said', () => {
    const spec = { review: { role: 'qa' } };
    const goal = goalWith(task('a', { spec }));
    expect(kinds(goal, task('a', { spec }))).toEqual(['review QA']);
    const judging = {
      ...goal,
      attempts: { a1: attempt({ wait: { cause: 'review', owner: 'qa' } as NonNullable<Attempt['wait']> }) },
    };
    const active = task('a', { spec, status: 'active', attempts: ['a1'], sentBack: 1 });
    expect(kinds(judging, active)).toEqual(['reviewing QA', 'sentBack 1']);
    const verdict = { by: 'qa', approved: true, comments: ref, commit: null };
    expect(kinds({ ...goal, attempts: { a1: attempt({ verdict }) } }, active)).toEqual(['approved']);
  });

  it('name races, retries that wait, deadlines and interventions, the most urgent first, and only while they hold', () => {
    const goal: Goal = {
      ...goalWith(),
      interventions: { a1: [{ guard: 'loop', action: 'noticed', run: null, evidence: ref, at: 1 }] },
    };
    const node = task('a', {
      attempts: ['a1'],
      spec: { race: 2, need: 1, each: { from: 'x', title: ref, brief: ref, role: null } },
      dependsOn: ['x', 'y'],
      notBefore: 40,
      dueAt: 50,
      escalated: true,
    });
    expect(kinds(goal, node)).toEqual(['guard 1', 'again 40', 'due 50', 'escalated', 'race 2', 'each', 'need 1']);
    expect(kinds(goal, { ...node, status: 'done' })).toEqual(['guard 1', 'escalated']);
  });
});

describe('gates', () => {
  const gate = (status: Task['status'], kind: 'approval' | 'event' = 'approval') =>
    task('g', { kind: 'gate', status, spec: { gate: kind === 'event' ? { kind, name: 'deployed' } : { kind } } });
  const said = (of: Task) => describeTask(goalWith(of), of, () => 'x');

  it('say how they stand, and whose turn it is', () => {
    expect((['open', 'active', 'done', 'failed', 'cancelled'] as const).map((each) => gateState(gate(each)))).toEqual([
      'closed',
      'waiting',
      'passed',
      'failed',
      'skipped',
    ]);
    expect(said(gate('open')).standing).toBe('waiting');
    expect(said(gate('active')).standing).toBe('needs-you');
    expect(said(gate('active', 'event'))).toMatchObject({ standing: 'waiting', why: 'waits for the signal deployed' });
  });

  it('and branches keep what is behind them from beginning, and are named', () => {
    const goal = goalWith(
      gate('active'),
      task('late', { spec: { onlyIf: { task: 'g', is: 'failed' } } }),
      task('group', { kind: 'group' }),
      task('part', { spec: { parent: 'group' } }),
    );
    const why = (id: string) => describeTask(goal, goal.tasks[id] ?? task('none'), () => 'x').why;
    expect(why('late')).toContain('how this ends: x');
    expect(why('part')).toContain('x');
  });

  it('take signals while they wait', () => {
    expect(awaitedSignals(goalWith(gate('active', 'event')))).toEqual(['deployed']);
    expect(awaitedSignals(goalWith(gate('open', 'event')))).toEqual([]);
  });

  it('count the parts of a sub-plan that are done, without those that are out of the plan', () => {
    const group = task('s', { kind: 'group', status: 'active' });
    const part = (id: string, status: Task['status']) => task(id, { status, spec: { parent: 's' } });
    const goal = goalWith(group, part('a', 'done'), part('b', 'active'), part('c', 'cancelled'));
    expect(describeTask(goal, group, () => '')).toMatchObject({ standing: 'running', why: '1 of 2 done' });
  });
});
