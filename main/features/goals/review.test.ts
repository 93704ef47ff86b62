import { describe, expect, it } from 'vitest';
import type { Task } from '#protocol/model/goal/state.ts';
import {
  attemptOf,
  type Bench,
  bench,
  check,
  endRun,
  planned,
  runOf,
  start,
  stated,
  taskOf,
  work,
} from './test-kit.ts';

/** A board with one task that the given role reviews, its work checked. */
function checkedWork(role = 'test'): Bench {
  const on = bench();
  on.do(stated({ board: true }));
  on.do({ type: 'add-tasks', tasks: [{ ...planned('a'), spec: { review: { role } } }], by: 'ceo' });
  work(on, author(on));
  check(on, author(on), 'passed');
  return on;
}

const author = (on: Bench): Task => taskOf(on, 'Title of a');

function review(on: Bench): Task {
  const task = Object.values(on.goal().tasks).findLast((each) => each.kind === 'review');
  if (!task) throw new Error('nobody reviews');
  return task;
}

function judge(on: Bench, approved: boolean): void {
  const run = start(on, review(on));
  expect(on.do({ type: 'review', run, approved, comments: 'line 3' }).kind).toBe('events');
  endRun(on, review(on), 'completed');
}

describe('a review', () => {
  it('holds the work back until another role approves its diff', () => {
    const on = checkedWork();
    expect(attemptOf(on, author(on))).toMatchObject({ status: 'waiting', wait: { cause: 'review', owner: 'tess' } });
    expect(on.goal().attempts[review(on).attempts[0] ?? '']?.agent).toBe('tess');
    judge(on, true);
    expect(attemptOf(on, author(on)).status).toBe('merging');
    expect(review(on).status).toBe('done');
  });

  it('sends the work back with its comments and judges it again', () => {
    const on = checkedWork();
    judge(on, false);
    const ordered = on.events.findLast(({ event }) => event.type === 'run.ordered')?.event;
    expect(ordered).toMatchObject({ reason: 'reviewed', attempt: attemptOf(on, author(on)).id });
    expect(ordered?.type === 'run.ordered' && on.texts.get(ordered.about[0]?.id ?? '')).toBe('line 3');
    on.do({ type: 'run-started', run: runOf(on, author(on)) });
    on.do({ type: 'claim', run: runOf(on, author(on)), claim: 'done', summary: 's' });
    endRun(on, author(on), 'completed');
    check(on, author(on), 'passed');
    judge(on, true);
    expect(attemptOf(on, author(on)).status).toBe('merging');
  });

  it('is never by the author: where its role has nobody else, a colleague judges', () => {
    const on = checkedWork('work');
    const by = on.goal().attempts[review(on).attempts[0] ?? '']?.agent;
    expect(by).not.toBe(attemptOf(on, author(on)).agent);
  });

  it('takes a verdict once, and only from who was asked', () => {
    const on = checkedWork();
    const run = start(on, review(on));
    on.do({ type: 'review', run, approved: true, comments: 'c' });
    expect(on.do({ type: 'review', run, approved: false, comments: 'c' }).kind).toBe('refused');
    const stranger = checkedWork();
    stranger.do({ type: 'add-tasks', tasks: [planned('b')], by: 'ceo' });
    const other = start(stranger, taskOf(stranger, 'Title of b'));
    expect(stranger.do({ type: 'review', run: other, approved: true, comments: 'c' }).kind).toBe('refused');
  });

  it('that was sent back too often, or came to nothing, is the CEO to decide', () => {
    const on = checkedWork();
    on.do({ type: 'cancel-task', task: review(on).id, by: 'ceo' });
    const item = Object.values(on.goal().items).find((each) => each.kind === 'review' && !each.closed);
    expect(attemptOf(on, author(on)).wait).toMatchObject({ cause: 'review', owner: 'ceo', on: item?.id });
    on.do({ type: 'answer', item: item?.id ?? '', answer: 'allow', text: '', by: 'ceo' });
    expect(attemptOf(on, author(on)).status).toBe('merging');
  });

  it('ends without a verdict only after a reminder, and then the CEO is asked', () => {
    const on = checkedWork();
    start(on, review(on));
    for (let turn = 0; turn < 4 && review(on).status === 'active'; turn += 1) {
      if (attemptOf(on, review(on)).status === 'preparing') start(on, review(on));
      on.do({ type: 'run-started', run: runOf(on, review(on)) });
      endRun(on, review(on), 'completed');
    }
    expect(review(on).status).toBe('failed');
    expect(attemptOf(on, author(on)).wait).toMatchObject({ cause: 'review', owner: 'ceo' });
  });

  it('of work that was taken back goes with it', () => {
    const on = checkedWork();
    on.do({ type: 'unassign', task: author(on).id, by: 'ceo' });
    expect(review(on).status).toBe('cancelled');
  });
});
