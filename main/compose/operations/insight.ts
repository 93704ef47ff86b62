import { nodeOf } from '#main/features/budgets/index.ts';
import { err, ok } from '#main/platform/result.ts';
import type { StoredEvent } from '#main/ports/journal/port.ts';
import type { Operations } from '#main/server/operations.ts';
import { briefOf } from '#protocol/model/brief.ts';
import { faultOf } from '#protocol/model/fault.ts';
import { textsIn } from '#protocol/model/goal/names.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { whyOf, whysOf } from '#protocol/model/goal/why.ts';
import type { WhySubject } from '#protocol/model/goal/why-parts.ts';
import { sayWhy } from '#protocol/model/goal/why-words.ts';
import type { Parts } from '../parts.ts';
import { textsOf } from '../texts.ts';
import { sequenceBefore } from './history.ts';
import { knownGoal } from './known-goal.ts';

const PAGE = 2_000;
/** A call that is settled now was reserved at most so long ago; clocks may be set back a little, too. */
const LONGEST_CALL_MS = 2 * 60 * 60_000;

/** What an id of a goal names; null when the goal has no such thing. */
function subjectOf(goal: Goal, id: string): WhySubject | null {
  if (id === goal.id) return { kind: 'goal', id };
  if (goal.tasks[id]) return { kind: 'task', id };
  if (goal.attempts[id]) return { kind: 'attempt', id };
  if (goal.agents[id]) return { kind: 'agent', id };
  return goal.items[id] ? { kind: 'item', id } : null;
}

async function eventsSince(parts: Parts, at: number): Promise<StoredEvent[]> {
  const all: StoredEvent[] = [];
  for (let after = await sequenceBefore(parts, at); ; ) {
    const page = await parts.journal.read(after, PAGE);
    all.push(...page);
    after = page.at(-1)?.sequence ?? after;
    if (page.length < PAGE) return all;
  }
}

/** The goal a node of the budget tree lies below. */
function goalAbove({ budgets }: Parts, node: string): string | null {
  const root = nodeOf.goal('');
  for (let at: string | null = node; at !== null; at = budgets.node(at)?.parent ?? null)
    if (at.startsWith(root)) return at.slice(root.length);
  return null;
}

/** Nano-dollars settled since a moment, by goal. */
function spentSince(parts: Parts, events: readonly StoredEvent[], since: number): Map<string, number> {
  const nodes = new Map<string, string>();
  const spent = new Map<string, number>();
  for (const { type, data, at } of events) {
    const { call = '', node = '', nanos = 0 } = data as { call?: string; node?: string; nanos?: number };
    if (type === 'call.reserved') nodes.set(call, node);
    if (type !== 'call.settled' || at < since) continue;
    const goal = goalAbove(parts, nodes.get(call) ?? '');
    if (goal !== null) spent.set(goal, (spent.get(goal) ?? 0) + nanos);
  }
  return spent;
}

/** Why things stand still, and what a day brought. */
export function insightOperations(parts: Parts): Pick<Operations['goals'], 'why' | 'brief'> {
  return {
    async why(input) {
      const goal = knownGoal(parts, input.goal);
      if (!goal.ok) return goal;
      const about = input.about === undefined ? null : subjectOf(goal.value, input.about);
      if (input.about !== undefined && about === null)
        return err(
          faultOf(
            'no-such-subject',
            `There is no ${input.about}.`,
            'The goal has no such thing.',
            'Look at its tasks.',
          ),
        );
      const whys = about ? [whyOf(goal.value, about)].flatMap((why) => why ?? []) : whysOf(goal.value);
      const { tasks, items } = goal.value;
      const texts = await textsOf(
        parts.engine,
        [...Object.values(tasks), ...Object.values(items)].map((each) => each.title),
      );
      return ok(whys.map((why) => sayWhy(goal.value, why, textsIn(texts))));
    },
    async brief({ sinceMs = 24 * 60 * 60_000 }) {
      const until = parts.clock.now();
      const since = until - sinceMs;
      const goals = parts.goals.ids().flatMap((id) => parts.goals.state(id) ?? []);
      const events = await eventsSince(parts, since - LONGEST_CALL_MS);
      const brief = briefOf({ goals, events, spent: spentSince(parts, events, since), since, until });
      return ok({ ...brief, texts: await textsOf(parts.engine, brief) });
    },
  };
}
