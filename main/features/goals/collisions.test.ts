import { describe, expect, it } from 'vitest';
import { goalEvent } from '#protocol/model/goal/event.ts';
import type { Attempt } from '#protocol/model/goal/state.ts';
import type { MergeEnd, Sighting } from './command.ts';
import {
  attemptOf,
  type Bench,
  bench,
  check,
  LIMITS,
  merge,
  planned,
  runOf,
  start,
  stated,
  taskOf,
  work,
} from './test-kit.ts';

type Policy = 'warn' | 'sequence' | 'hand-over';

/** A goal whose plan of these tasks is under way, each with its agent. */
function crew(tasks: ReadonlyArray<readonly [string, string]>, onCollision: Policy = 'warn'): Bench {
  const on = bench();
  on.do(stated({ onCollision, limits: { ...LIMITS, fixes: 1 } }));
  const plan = taskOf(on, 'Plan the goal');
  on.do({ type: 'propose-plan', run: start(on, plan), tasks: tasks.map(([key, role]) => planned(key, [], role)) });
  on.do({ type: 'claim', run: runOf(on, plan), claim: 'done', summary: 's' });
  on.do({ type: 'run-ended', run: runOf(on, plan), outcome: 'completed', detail: '', usage: null });
  return on;
}

const TWO = [
  ['a', 'work'],
  ['b', 'work'],
] as const;
const task = (on: Bench, key: string) => taskOf(on, `Title of ${key}`);
const attempt = (on: Bench, key: string): Attempt => attemptOf(on, task(on, key));
const types = (on: Bench) => on.events.map(({ event }) => event.type);

function sighting(on: Bench, over: Partial<Sighting> = {}): Sighting {
  const attempts = [attempt(on, 'a').id, attempt(on, 'b').id];
  return { collision: attempts.join('~'), kind: 'conflict', attempts, elsewhere: null, files: ['x'], ...over };
}
const found = (on: Bench, ...seen: Sighting[]) => on.do({ type: 'collisions', seen, looked: [sighting(on).collision] });
const ended = (on: Bench, key: string, result: MergeEnd['result'], over: Partial<MergeEnd> = {}): MergeEnd => ({
  attempt: attempt(on, key).id,
  result,
  commit: `merge of ${key}`,
  output: 'why',
  ...over,
});
/** Takes tasks to the queue; their check took so long. */
function queue(on: Bench, keys: readonly string[], ms: number): void {
  for (const key of keys) work(on, task(on, key));
  on.advance(ms);
  for (const key of keys)
    on.do({
      type: 'checked',
      attempt: attempt(on, key).id,
      result: 'passed',
      commit: 'c',
      exitCode: 0,
      output: '',
      files: 1,
    });
}

describe('a collision', () => {
  it('is noted and acted on once, however often it is seen, and cleared when it is gone', () => {
    const on = crew(TWO);
    start(on, task(on, 'a'));
    start(on, task(on, 'b'));
    found(on, sighting(on));
    found(on, sighting(on));
    expect(types(on).filter((type) => type.startsWith('collision'))).toEqual(['collision.seen', 'collision.acted']);
    found(on);
    found(on, sighting(on));
    expect(types(on).filter((type) => type === 'collision.acted')).toHaveLength(1);
    expect(on.goal().collisions[sighting(on).collision]).toMatchObject({ action: 'warn', clearedAt: null });
  });

  it('that git can merge is only shown', () => {
    const on = crew(TWO, 'sequence');
    start(on, task(on, 'a'));
    start(on, task(on, 'b'));
    found(on, sighting(on, { kind: 'same-file' }));
    expect(on.goal().collisions[sighting(on).collision]).toMatchObject({ kind: 'same-file', action: null });
  });

  it('goes with the attempt that ends', () => {
    const on = crew(TWO);
    start(on, task(on, 'a'));
    start(on, task(on, 'b'));
    found(on, sighting(on));
    on.do({ type: 'cancel-task', task: task(on, 'b').id, by: 'ceo' });
    expect(on.goal().collisions[sighting(on).collision]?.clearedAt).not.toBeNull();
  });

  it('of old events: a goal without a policy warns', () => {
    const on = crew(TWO);
    const event = on.events.find((each) => each.event.type === 'goal.stated')?.event;
    const { onCollision: _, ...old } = { onCollision: null, ...event };
    expect(goalEvent.parse(old)).toMatchObject({ onCollision: 'warn' });
  });
});

describe('sequence', () => {
  it('lets the later work wait with its reason, then checks it on top of the earlier', () => {
    const on = crew(TWO, 'sequence');
    start(on, task(on, 'a'));
    start(on, task(on, 'b'));
    found(on, sighting(on));
    on.do({ type: 'claim', run: runOf(on, task(on, 'b')), claim: 'done', summary: 's' });
    on.do({ type: 'run-ended', run: runOf(on, task(on, 'b')), outcome: 'completed', detail: '', usage: null });
    expect(attempt(on, 'b')).toMatchObject({
      status: 'waiting',
      wait: { cause: 'sequence', owner: attempt(on, 'a').agent },
    });
    on.do({ type: 'claim', run: runOf(on, task(on, 'a')), claim: 'done', summary: 's' });
    on.do({ type: 'run-ended', run: runOf(on, task(on, 'a')), outcome: 'completed', detail: '', usage: null });
    check(on, task(on, 'a'), 'passed');
    merge(on, task(on, 'a'), 'merged');
    expect(attempt(on, 'b').status).toBe('verifying');
  });

  it('holds nobody up for work that waits itself', () => {
    const on = crew(TWO, 'sequence');
    const run = start(on, task(on, 'a'));
    start(on, task(on, 'b'));
    found(on, sighting(on));
    on.do({ type: 'claim', run: runOf(on, task(on, 'b')), claim: 'done', summary: 's' });
    on.do({ type: 'run-ended', run: runOf(on, task(on, 'b')), outcome: 'completed', detail: '', usage: null });
    on.do({ type: 'run-ended', run, outcome: 'budget', detail: '', usage: null });
    expect(attempt(on, 'b').status).toBe('verifying');
  });
});

describe('file leases', () => {
  const lease = (on: Bench, key: string, compared: readonly string[] = [], renews: string | null = null) =>
    on.do({ type: 'take-lease', run: runOf(on, task(on, key)), paths: 'src/**', minutes: 15, renews, compared });

  it('are taken once others were compared, renewed, and expire by time only', () => {
    const on = crew(TWO);
    start(on, task(on, 'a'));
    start(on, task(on, 'b'));
    lease(on, 'a');
    const [first] = Object.values(on.goal().leases);
    if (!first) throw new Error('no lease');
    expect(lease(on, 'b')).toMatchObject({ kind: 'refused', fault: { tag: 'lease-changed' } });
    expect(lease(on, 'b', [first.id]).kind).toBe('events');
    on.advance(10 * 60_000);
    lease(on, 'a', Object.keys(on.goal().leases), first.id);
    on.advance(6 * 60_000);
    on.do({ type: 'lease-due', lease: first.id });
    expect(on.goal().leases[first.id]?.holder).toBe(attempt(on, 'a').id);
    on.advance(10 * 60_000);
    on.do({ type: 'lease-due', lease: first.id });
    expect(on.goal().leases[first.id]).toBeUndefined();
  });

  it('end with the attempt, and hand-over takes one for the earlier work', () => {
    const on = crew(TWO, 'hand-over');
    start(on, task(on, 'a'));
    start(on, task(on, 'b'));
    found(on, sighting(on));
    expect(Object.values(on.goal().leases).map((each) => each.holder)).toEqual([attempt(on, 'a').id]);
    on.do({ type: 'cancel-task', task: task(on, 'a').id, by: 'ceo' });
    expect(on.goal().leases).toEqual({});
  });
});

describe('the merge queue', () => {
  const THREE = [...TWO, ['c', 'test']] as const;

  /** Three in the queue while something else merges: the Lead's own work does not merge, so the first goes alone. */
  function waiting(ms: number): Bench {
    const on = crew([...THREE, ['d', 'work']]);
    queue(on, ['a', 'b', 'c'], ms);
    merge(on, task(on, 'a'), 'merged');
    return on;
  }

  it('merges together when checking one after the other would take long', () => {
    const on = crew(THREE);
    on.do({
      type: 'hire',
      by: 'ceo',
      agent: { id: 'cy', name: null, title: 'Cy', role: 'work', driver: 's', model: 'm', lead: false },
    });
    on.do({ type: 'add-tasks', tasks: [planned('d')], by: 'ceo' });
    queue(on, ['a', 'b', 'c', 'd'], 30_000);
    merge(on, task(on, 'a'), 'merged');
    expect(on.goal().batch).toEqual([attempt(on, 'b').id, attempt(on, 'c').id, attempt(on, 'd').id]);
    on.do({
      type: 'batch-merged',
      ends: [ended(on, 'b', 'merged'), ended(on, 'c', 'rejected'), ended(on, 'd', 'merged')],
    });
    expect([attempt(on, 'b').status, attempt(on, 'c').status, attempt(on, 'd').status]).toEqual([
      'merged',
      'queued',
      'merged',
    ]);
    expect(on.goal()).toMatchObject({ batch: [], mergeQueue: [] });
  });

  it('merges one by one when checks are quick or few wait', () => {
    for (const ms of [100, 120_000]) expect(waiting(ms).goal().batch).toEqual([]);
    const on = waiting(120_000);
    expect(attempt(on, 'b').status).toBe('merging');
  });
});

describe('a conflict goes', () => {
  /** A's work merged, B's in conflict, out of tries. */
  function outOfTries(tasks: ReadonlyArray<readonly [string, string]> = TWO): Bench {
    const on = crew(tasks);
    work(on, task(on, 'a'));
    check(on, task(on, 'a'), 'passed');
    merge(on, task(on, 'a'), 'merged');
    work(on, task(on, 'b'));
    for (const _ of [1, 2]) {
      check(on, task(on, 'b'), 'passed');
      on.do({ type: 'merged', ...ended(on, 'b', 'conflict', { others: [attempt(on, 'a').id] }) });
      if (attempt(on, 'b').status !== 'queued') break;
      const run = runOf(on, task(on, 'b'));
      on.do({ type: 'run-started', run });
      on.do({ type: 'claim', run, claim: 'done', summary: 's' });
      on.do({ type: 'run-ended', run, outcome: 'completed', detail: '', usage: null });
    }
    return on;
  }

  it('to its author first, then to who wrote the other side, in a new session', () => {
    const on = crew(TWO);
    const before = attempt(on, 'b');
    work(on, task(on, 'a'));
    check(on, task(on, 'a'), 'passed');
    merge(on, task(on, 'a'), 'merged');
    work(on, task(on, 'b'));
    check(on, task(on, 'b'), 'passed');
    on.do({ type: 'merged', ...ended(on, 'b', 'conflict', { others: [attempt(on, 'a').id] }) });
    expect(attempt(on, 'b')).toMatchObject({ agent: before.agent, status: 'queued', fixes: 1 });
    const run = runOf(on, task(on, 'b'));
    on.do({ type: 'run-started', run });
    on.do({ type: 'claim', run, claim: 'done', summary: 's' });
    on.do({ type: 'run-ended', run, outcome: 'completed', detail: '', usage: null });
    check(on, task(on, 'b'), 'passed');
    on.do({ type: 'merged', ...ended(on, 'b', 'conflict', { others: [attempt(on, 'a').id] }) });
    const after = attempt(on, 'b');
    expect(after).toMatchObject({ agent: attempt(on, 'a').agent, handedFrom: [before.agent], status: 'queued' });
    expect(after.session).not.toBe(before.session);
    expect(on.goal().runs[runOf(on, task(on, 'b'))]).toMatchObject({ resume: false, reason: 'conflict' });
  });

  it('to the CEO last, with the output and answers, and back to the agent with them', () => {
    const on = outOfTries([...TWO, ['c', 'work']]);
    const item = Object.values(on.goal().items).find((each) => each.kind === 'conflict');
    expect(attempt(on, 'b')).toMatchObject({
      status: 'waiting',
      wait: { cause: 'conflict', owner: 'ceo', on: item?.id },
    });
    expect(on.texts.get(item?.detail?.id ?? '')).toBe('why');
    on.do({ type: 'answer', item: item?.id ?? '', answer: 'reply', text: 'Take ours.', by: 'ceo' });
    expect(on.goal().runs[runOf(on, task(on, 'b'))]).toMatchObject({ reason: 'answered' });
  });

  it('that only the check sees is noted as a disagreement, and goes to the later author with the output', () => {
    const on = crew(TWO);
    work(on, task(on, 'a'));
    check(on, task(on, 'a'), 'passed');
    merge(on, task(on, 'a'), 'merged');
    work(on, task(on, 'b'));
    check(on, task(on, 'b'), 'passed');
    on.do({ type: 'merged', ...ended(on, 'b', 'rejected', { others: [attempt(on, 'a').id], files: ['x'] }) });
    const [collision] = Object.values(on.goal().collisions);
    expect(collision).toMatchObject({
      kind: 'semantic',
      attempts: [attempt(on, 'a').id, attempt(on, 'b').id],
      clearedAt: null,
    });
    expect(on.goal().runs[runOf(on, task(on, 'b'))]).toMatchObject({ reason: 'merge-rejected' });
  });

  it('is a disagreement too where the check alone found it: no false claim, and the author is told it passes alone', () => {
    const on = crew(TWO);
    work(on, task(on, 'a'));
    check(on, task(on, 'a'), 'passed');
    merge(on, task(on, 'a'), 'merged');
    work(on, task(on, 'b'));
    const found = { result: 'failed', commit: 'c', exitCode: 1, output: 'together they fail', files: 1 } as const;
    const others = [attempt(on, 'a').id];
    on.do({ type: 'checked', attempt: attempt(on, 'b').id, ...found, others, otherFiles: ['x'] });
    expect(Object.values(on.goal().collisions)).toMatchObject([
      { kind: 'semantic', attempts: [...others, attempt(on, 'b').id] },
    ]);
    expect(on.goal().interventions).toEqual({});
    expect(on.goal().runs[runOf(on, task(on, 'b'))]).toMatchObject({ reason: 'merge-rejected' });
  });
});
