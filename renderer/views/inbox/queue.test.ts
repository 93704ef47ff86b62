import { describe, expect, it } from 'vitest';
import { emptyGoal, type Goal, type Item } from '#protocol/model/goal/state.ts';
import { queueOf, shownIn } from './queue.ts';

function goalWith(id: string, ...opened: readonly (readonly [id: string, at: number, closed?: boolean])[]): Goal {
  const items = opened.map(([item, openedAt, closed = false]): [string, Item] => [
    item,
    {
      id: item,
      kind: 'question',
      task: null,
      attempt: null,
      title: { id: 't', hash: 'h' },
      detail: null,
      openedAt,
      closed: closed ? { answer: 'reply', text: null, at: 9, by: 'ceo' } : null,
    },
  ]);
  return { ...emptyGoal(id), status: 'running', items: Object.fromEntries(items) };
}

describe('the queue', () => {
  const goals = { a: goalWith('a', ['later', 5], ['done', 1, true]), b: goalWith('b', ['first', 2]) };

  it('holds what is open in all goals, the longest waiting first', () => {
    expect(queueOf(goals).map(({ item }) => item.id)).toEqual(['first', 'later']);
  });

  it('shows what took the place of an answered item', () => {
    const queue = queueOf(goals);
    expect(shownIn(queue, 'later', 0)?.item.id).toBe('later');
    expect(shownIn(queue, 'gone', 1)?.item.id).toBe('later');
    expect(shownIn(queue, 'gone', 7)?.item.id).toBe('later');
    expect(shownIn([], null, 0)).toBeNull();
  });
});
