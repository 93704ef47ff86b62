import { describe, expect, it } from 'vitest';
import type { ProposedTask } from './command.ts';
import { attemptOf, type Bench, bench, check, merge, planned, runOf, start, stated, taskOf, work } from './test-kit.ts';

const titled = (key: string) => `Title of ${key}`;
const node = (key: string, over: Partial<ProposedTask>): ProposedTask => ({ ...planned(key), ...over });
const gate = (key: string, spec: ProposedTask['spec'], dependsOn: readonly string[] = []): ProposedTask =>
  node(key, { kind: 'gate', spec, dependsOn, assignee: { kind: 'anyone' } });
const group = (key: string, over: Partial<ProposedTask> = {}): ProposedTask =>
  node(key, { kind: 'group', assignee: { kind: 'anyone' }, ...over });

/** A board with these nodes. */
function withNodes(...tasks: readonly ProposedTask[]): Bench {
  const on = bench();
  on.do(stated({ board: true }));
  const added = on.do({ type: 'add-tasks', tasks, by: 'ceo' });
  expect(added.kind).toBe('events');
  return on;
}

const statusOf = (on: Bench, key: string) => taskOf(on, titled(key)).status;

function finish(on: Bench, key: string): void {
  work(on, taskOf(on, titled(key)));
  check(on, taskOf(on, titled(key)), 'passed');
  merge(on, taskOf(on, titled(key)), 'merged');
}

function openItem(on: Bench, kind: string): string {
  const item = Object.values(on.goal().items).find((each) => each.kind === kind && each.closed === null);
  if (!item) throw new Error(`nobody is asked about a ${kind}`);
  return item.id;
}

function why(on: Bench, tasks: readonly ProposedTask[]): string {
  const decision = on.do({ type: 'add-tasks', tasks, by: 'ceo' });
  return decision.kind === 'refused' ? decision.fault.why : 'accepted';
}

describe('a gate', () => {
  it('asks the CEO once everything before it is done, and holds what is behind it until then', () => {
    const on = withNodes(
      planned('build'),
      gate('go', { gate: { kind: 'approval' } }, ['build']),
      planned('ship', ['go']),
    );
    expect(statusOf(on, 'go')).toBe('open');
    finish(on, 'build');
    expect([statusOf(on, 'go'), statusOf(on, 'ship')]).toEqual(['active', 'open']);
    on.do({ type: 'answer', item: openItem(on, 'gate'), answer: 'allow', text: '', by: 'ceo' });
    expect([statusOf(on, 'go'), statusOf(on, 'ship')]).toEqual(['done', 'active']);
  });

  it('that is refused fails, and what is behind it never starts', () => {
    const on = withNodes(gate('go', { gate: { kind: 'approval' } }), planned('ship', ['go']));
    on.do({ type: 'answer', item: openItem(on, 'gate'), answer: 'deny', text: 'Not now', by: 'ceo' });
    expect([statusOf(on, 'go'), statusOf(on, 'ship')]).toEqual(['failed', 'open']);
    expect(openItem(on, 'stuck')).toBeTruthy();
  });

  it('with a timer opens at its time and not by an earlier one', () => {
    const on = withNodes(gate('wait', { gate: { kind: 'timer', ms: 60_000 } }), planned('then', ['wait']));
    const until = taskOf(on, titled('wait')).opened?.until ?? 0;
    on.do({ type: 'node-due', task: taskOf(on, titled('wait')).id, until: until - 1 });
    expect(statusOf(on, 'then')).toBe('open');
    on.do({ type: 'node-due', task: taskOf(on, titled('wait')).id, until });
    expect(statusOf(on, 'then')).toBe('active');
  });

  it('waits for a signal by its name', () => {
    const on = withNodes(gate('ci', { gate: { kind: 'event', name: 'ci-green' } }), planned('then', ['ci']));
    const wrong = on.do({ type: 'signal', name: 'ci-red', passed: true, note: '', by: 'ceo' });
    expect(wrong.kind).toBe('refused');
    on.do({ type: 'signal', name: 'ci-green', passed: true, note: '', by: 'ceo' });
    expect(statusOf(on, 'then')).toBe('active');
  });

  it('with a command is decided by its exit code, and its failure is a branch where the plan says so', () => {
    const on = withNodes(
      gate('lint', { gate: { kind: 'check', command: 'npm run lint' } }),
      node('ship', { spec: { onlyIf: { task: 'lint', is: 'passed' } } }),
      node('tidy', { spec: { onlyIf: { task: 'lint', is: 'failed' } } }),
    );
    const { id, opened } = taskOf(on, titled('lint'));
    on.do({ type: 'gate-checked', task: id, openedAt: (opened?.at ?? 0) - 1, passed: true, output: 'of before' });
    expect(statusOf(on, 'lint')).toBe('active');
    on.do({ type: 'gate-checked', task: id, openedAt: opened?.at ?? 0, passed: false, output: 'exit 1' });
    expect([statusOf(on, 'lint'), statusOf(on, 'ship'), statusOf(on, 'tidy')]).toEqual([
      'failed',
      'cancelled',
      'active',
    ]);
    expect(Object.values(on.goal().items)).toEqual([]);
  });
});

describe('a branch', () => {
  it('is taken by the word the agent ended its task with', () => {
    const on = withNodes(
      planned('look'),
      node('fix', { spec: { onlyIf: { task: 'look', is: 'broken' } } }),
      node('cheer', { spec: { onlyIf: { task: 'look', is: 'fine' } } }),
      planned('after', ['fix', 'cheer']),
    );
    const run = start(on, taskOf(on, titled('look')));
    on.do({ type: 'claim', run, claim: 'done', summary: 's', result: 'broken' });
    on.do({ type: 'run-ended', run, outcome: 'completed', detail: '', usage: null });
    check(on, taskOf(on, titled('look')), 'passed');
    merge(on, taskOf(on, titled('look')), 'merged');
    expect([statusOf(on, 'fix'), statusOf(on, 'cheer')]).toEqual(['active', 'cancelled']);
    finish(on, 'fix');
    expect(statusOf(on, 'after')).toBe('active');
  });
});

describe('a sub-plan', () => {
  it('begins after what it waits for and ends with its last node', () => {
    const on = withNodes(
      planned('first'),
      group('part', { dependsOn: ['first'] }),
      node('inner', { spec: { parent: 'part' } }),
      planned('last', ['part']),
    );
    expect([statusOf(on, 'part'), statusOf(on, 'inner')]).toEqual(['open', 'open']);
    finish(on, 'first');
    expect([statusOf(on, 'part'), statusOf(on, 'inner')]).toEqual(['active', 'active']);
    finish(on, 'inner');
    expect([statusOf(on, 'part'), statusOf(on, 'last')]).toEqual(['done', 'active']);
  });

  it('goes with all that is in it', () => {
    const on = withNodes(group('part'), node('inner', { spec: { parent: 'part' } }), planned('other'));
    on.do({ type: 'cancel-task', task: taskOf(on, titled('part')).id, by: 'ceo' });
    expect([statusOf(on, 'part'), statusOf(on, 'inner')]).toEqual(['cancelled', 'cancelled']);
  });

  it('is spread over the items that the task before it names', () => {
    const on = withNodes(
      planned('list'),
      group('each', { spec: { each: { from: 'list', title: 't', brief: 'Port it.', role: 'work' } } }),
      planned('join', ['each']),
    );
    const run = start(on, taskOf(on, titled('list')));
    on.do({ type: 'claim', run, claim: 'done', summary: 's', items: ['a.js', 'b.js'] });
    on.do({ type: 'run-ended', run, outcome: 'completed', detail: '', usage: null });
    check(on, taskOf(on, titled('list')), 'passed');
    merge(on, taskOf(on, titled('list')), 'merged');
    for (const title of ['a.js', 'b.js']) {
      expect(statusOf(on, 'join')).toBe('open');
      work(on, taskOf(on, title));
      check(on, taskOf(on, title), 'passed');
      merge(on, taskOf(on, title), 'merged');
    }
    expect([statusOf(on, 'each'), statusOf(on, 'join')]).toEqual(['done', 'active']);
  });

  it('is cut off where it would flood the goal, and the CEO is told', () => {
    const on = withNodes(
      planned('list'),
      group('each', { spec: { each: { from: 'list', title: 't', brief: 'b', role: null } } }),
    );
    const run = start(on, taskOf(on, titled('list')));
    const items = Array.from({ length: 100 }, (_, index) => `item ${index}`);
    on.do({ type: 'claim', run, claim: 'done', summary: 's', items });
    on.do({ type: 'run-ended', run, outcome: 'completed', detail: '', usage: null });
    check(on, taskOf(on, titled('list')), 'passed');
    merge(on, taskOf(on, titled('list')), 'merged');
    expect(Object.keys(on.goal().tasks)).toHaveLength(on.goal().limits.tasks);
    expect(openItem(on, 'stuck')).toBeTruthy();
  });
});

describe('a join', () => {
  it('goes on when as many are done as it needs', () => {
    const on = withNodes(
      planned('one'),
      planned('two'),
      node('any', { dependsOn: ['one', 'two'], spec: { need: 1 }, assignee: { kind: 'role', role: 'test' } }),
    );
    finish(on, 'one');
    expect(statusOf(on, 'any')).toBe('active');
  });
});

describe('a retry', () => {
  it('waits as long as the plan says, twice as long the next time, and then goes to whom it escalates to', () => {
    const on = withNodes(node('hard', { spec: { attempts: 2, backoffMs: 1_000, escalate: 'test' } }));
    const fail = () =>
      on.do({ type: 'unprepared', attempt: attemptOf(on, taskOf(on, titled('hard'))).id, why: 'w', cause: 'stuck' });
    fail();
    const { id, notBefore, status } = taskOf(on, titled('hard'));
    expect([status, notBefore]).toEqual(['open', 1_001_000]);
    on.do({ type: 'task-due', task: id });
    expect(statusOf(on, 'hard')).toBe('open');
    on.advance(1_000);
    on.do({ type: 'task-due', task: id });
    expect(statusOf(on, 'hard')).toBe('active');
    fail();
    expect(taskOf(on, titled('hard'))).toMatchObject({ status: 'active', escalated: true, assignee: { role: 'test' } });
    fail();
    expect(statusOf(on, 'hard')).toBe('failed');
  });
});

describe('a deadline', () => {
  it('interrupts what runs, asks the CEO, and gives as long again', () => {
    const on = withNodes(node('slow', { spec: { deadlineMs: 5_000 } }));
    const run = start(on, taskOf(on, titled('slow')));
    const { id, dueAt = 0 } = taskOf(on, titled('slow'));
    on.advance(5_000);
    on.do({ type: 'deadline-due', task: id, until: dueAt });
    expect(on.events.at(-1)?.event).toMatchObject({ type: 'run.interrupt-ordered', run });
    on.do({ type: 'run-ended', run, outcome: 'interrupted', detail: '', usage: null });
    expect(attemptOf(on, taskOf(on, titled('slow'))).wait).toMatchObject({ cause: 'deadline', owner: 'ceo' });
    on.do({ type: 'answer', item: openItem(on, 'deadline'), answer: 'retry', text: '', by: 'ceo' });
    expect(attemptOf(on, taskOf(on, titled('slow'))).status).toBe('queued');
    expect(taskOf(on, titled('slow')).dueAt).toBe(1_010_000);
  });
});

describe('a race', () => {
  it('is run by different agents at once; the one that needed less is kept, the other let go', () => {
    const on = withNodes(node('best', { spec: { race: 2 } }));
    const [one = '', two = ''] = taskOf(on, titled('best')).attempts;
    expect(on.goal().attempts[one]?.agent).not.toBe(on.goal().attempts[two]?.agent);
    for (const [attempt, files] of [
      [one, 5],
      [two, 2],
    ] as const) {
      on.do({ type: 'prepared', attempt, base: 'b', workspace: '/w' });
      const run = on.goal().attempts[attempt]?.runs.at(-1) ?? '';
      on.do({ type: 'run-started', run });
      on.do({ type: 'claim', run, claim: 'done', summary: 's' });
      on.do({ type: 'run-ended', run, outcome: 'completed', detail: '', usage: null });
      on.do({ type: 'checked', attempt, result: 'passed', commit: 'c', exitCode: 0, output: '', files });
    }
    expect(on.goal().attempts[one]).toMatchObject({ status: 'cancelled', cause: 'another attempt was kept' });
    expect(on.goal().attempts[two]?.status).toBe('merging');
  });
});

describe('what cannot be', () => {
  it('is refused with every contradiction named, and nothing is added', () => {
    const on = bench();
    on.do(stated({ board: true }));
    const before = on.goal();
    const said = why(on, [
      gate('g', undefined),
      node('r', { spec: { race: 3 } }),
      node('s', { spec: { review: { role: 'nobody' } } }),
      node('t', { assignee: { kind: 'agent', agent: 'tess' }, spec: { review: { role: 'test' } } }),
      node('u', { dependsOn: ['r'], spec: { onlyIf: { task: 'r', is: 'failed' } } }),
      node('v', { spec: { parent: 'r' } }),
      node('w', { dependsOn: ['r'], spec: { need: 2 } }),
    ]);
    for (const part of [
      'gate without a condition',
      'race of 3',
      'role "nobody", which nobody has',
      'reviewed by its own author',
      'starts only if it failed',
      'no sub-plan',
      'needs 2 of 1',
    ])
      expect(said).toContain(part);
    expect(on.goal()).toBe(before);
  });

  it('is a circle through branches and sub-plans too', () => {
    const on = bench();
    on.do(stated({ board: true }));
    expect(why(on, [planned('a', ['b']), node('b', { spec: { onlyIf: { task: 'a', is: 'done' } } })])).toContain(
      'wait for each other',
    );
    expect(why(on, [group('p', { dependsOn: ['c'] }), node('c', { spec: { parent: 'p' } })])).toContain(
      'wait for each other',
    );
  });
});

describe('changing how a node is run', () => {
  it('adds a review to a task that has begun, and refuses what holds from its start', () => {
    const on = withNodes(planned('a'));
    const { id } = taskOf(on, titled('a'));
    start(on, taskOf(on, titled('a')));
    expect(on.do({ type: 'respec', task: id, spec: { race: 2 }, by: 'ceo' }).kind).toBe('refused');
    on.do({ type: 'respec', task: id, spec: { review: { role: 'test' } }, by: 'ceo' });
    on.do({ type: 'claim', run: runOf(on, taskOf(on, titled('a'))), claim: 'done', summary: 's' });
    on.do({
      type: 'run-ended',
      run: runOf(on, taskOf(on, titled('a'))),
      outcome: 'completed',
      detail: '',
      usage: null,
    });
    check(on, taskOf(on, titled('a')), 'passed');
    expect(attemptOf(on, taskOf(on, titled('a'))).wait?.cause).toBe('review');
  });
});
