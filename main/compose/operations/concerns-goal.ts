import { nodeOf } from '#main/features/budgets/index.ts';
import type { StoredEvent } from '#main/ports/journal/port.ts';
import type { Parts } from '../parts.ts';

/**
 * Tells which events concern a goal: its own, its conversations', its layout's, and what was spent for it. Events have
 * to be given in order: a settled call is known by its reservation.
 */
export function concernsGoal({ budgets }: Pick<Parts, 'budgets'>, goal: string): (event: StoredEvent) => boolean {
  const root = nodeOf.goal(goal);
  const known = new Map<string, boolean>([[root, true]]);
  const calls = new Set<string>();
  const inside = (node: string): boolean => {
    const found = known.get(node);
    if (found !== undefined) return found;
    const parent = budgets.node(node)?.parent ?? null;
    const result = parent !== null && inside(parent);
    known.set(node, result);
    return result;
  };
  const ofBudget = ({ type, data }: StoredEvent): boolean => {
    const { node, call } = data as { node?: string; call?: string };
    if (type === 'call.settled' || type === 'call.released') return call !== undefined && calls.delete(call);
    if (node === undefined || !inside(node)) return false;
    if (type === 'call.reserved' && call !== undefined) calls.add(call);
    return true;
  };
  return (event) => {
    const { stream } = event;
    if (stream.startsWith('budget')) return ofBudget(event);
    if (stream.startsWith('decision/')) return (event.data as { goal?: string | null }).goal === goal;
    return stream === `goal/${goal}` || stream === `layout/${goal}` || stream.startsWith(`conversation/${goal}.`);
  };
}
