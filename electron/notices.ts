import { openItems } from '#protocol/model/goal/describe.ts';
import { emptyGoal, type Goal } from '#protocol/model/goal/state.ts';
import type { World } from '#protocol/model/world.ts';
import { goalHash, INBOX_HASH } from './links.ts';
import { WORDS } from './words.ts';

/** Something the CEO is told of while not looking, and the place in the page it is about. */
export interface Notice {
  readonly kind: 'needs-you' | 'failed' | 'done';
  readonly title: string;
  readonly body: string;
  readonly hash: string;
}

const LONGEST = 140;
// Controls and marks that reorder or hide text: what is shown is what was written.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

function shown(text: string): string {
  const plain = text
    .slice(0, 4 * LONGEST)
    .replace(UNSEEN, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST - 1)}…` : plain;
}

function failedOf(before: Goal, after: Goal): { readonly title: string; readonly hash: string } | null {
  if (after.status === 'stuck' && before.status !== 'stuck') return { title: WORDS.failed, hash: goalHash(after.id) };
  const task = Object.values(after.tasks).find(
    (each) => each.status === 'failed' && before.tasks[each.id]?.status !== 'failed',
  );
  return task
    ? { title: WORDS.taskFailed, hash: `${goalHash(after.id)}/${encodeURIComponent(`task:${task.id}`)}` }
    : null;
}

function noticeOf(before: Goal, world: World, after: Goal): Notice | null {
  const textOf = (id: string | undefined) => shown(world.texts[id ?? ''] ?? '');
  const body = textOf(after.text?.id);
  const failed = failedOf(before, after);
  if (failed) return { kind: 'failed', body, ...failed };
  const known = new Set(openItems(before).map((item) => item.id));
  const item = openItems(after).find((each) => !known.has(each.id));
  if (item) return { kind: 'needs-you', title: WORDS.needsYou, body: textOf(item.title.id), hash: INBOX_HASH };
  if (after.status === before.status) return null;
  const hash = goalHash(after.id);
  if (after.status === 'awaiting-approval') return { kind: 'needs-you', title: WORDS.planReady, body, hash };
  return after.status === 'ready' ? { kind: 'done', title: WORDS.done, body, hash } : null;
}

/** What is new between two worlds and worth an interruption: one notice a goal at most. */
export function noticesOf(before: World, after: World): Notice[] {
  return Object.values(after.goals).flatMap((goal) => {
    const was = before.goals[goal.id] ?? emptyGoal(goal.id);
    return was === goal ? [] : (noticeOf(was, after, goal) ?? []);
  });
}
