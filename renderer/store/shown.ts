import { describeGoal } from '#protocol/model/goal/describe.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import type { World } from '#protocol/model/world.ts';
import { useView } from './view-store.ts';
import { useWorld, worldNow } from './world-store.ts';

const over = (goal: Goal) => ['done', 'idle'].includes(describeGoal(goal).standing);

function newestOf(goals: World['goals']): Goal | null {
  const all = Object.values(goals).filter((goal) => goal.status !== null);
  const newest = all.sort((one, other) => other.statedAt - one.statedAt);
  return newest.find((goal) => !over(goal)) ?? newest[0] ?? null;
}

// Each card asks with every change, and the answer is one for all.
const newest = new WeakMap<World['goals'], Goal | null>();

/** The goal a window shows: the chosen one while it exists, else the newest that is not over, else the newest. */
export function shownGoalIn({ goals }: World, chosen: string | null): Goal | null {
  const named = chosen === null ? undefined : goals[chosen];
  if (named?.status) return named;
  let found = newest.get(goals);
  if (found === undefined) {
    found = newestOf(goals);
    newest.set(goals, found);
  }
  return found;
}

/** Subscribes to the id of the shown goal; null when there is none. */
export function useGoalId(): string | null {
  const chosen = useView((view) => view.goal);
  return useWorld((world) => shownGoalIn(world, chosen)?.id ?? null);
}

/** Subscribes to the shown goal as a whole; lists that change with every event subscribe to less. */
export function useGoal(): Goal | null {
  const chosen = useView((view) => view.goal);
  return useWorld((world) => shownGoalIn(world, chosen));
}

/** The shown goal now, for handlers and commands. */
export function goalNow(): Goal | null {
  const world = worldNow();
  return world ? shownGoalIn(world, useView.getState().goal) : null;
}

/** Subscribes to the text of a reference; empty for null, an ellipsis until it is there. */
export function useText(ref: { readonly id: string } | null | undefined): string {
  return useWorld((world) => (ref ? (world.texts[ref.id] ?? '…') : '')) ?? '';
}

/** What a goal is called: the first line of what was said. Attached texts and the names of pictures come after it. */
export function goalName(text: string): string {
  return text.trimStart().split('\n', 1)[0] ?? '';
}

/** Subscribes to what a goal is called; empty for none. */
export function useGoalName(goal: Pick<Goal, 'text'> | null | undefined): string {
  return goalName(useText(goal?.text));
}
