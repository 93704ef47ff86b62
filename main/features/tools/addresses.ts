import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { crewOf } from '#protocol/model/goal/ready.ts';
import type { Goal } from '#protocol/model/goal/state.ts';

/** Resolves an address (agent id or name, role, `everyone`, `ceo`) to recipients; the sender is never one. */
export function resolveAddress(goal: Goal, address: string, sender: string): Result<string[], Fault> {
  const wanted = address.trim().toLowerCase();
  if (wanted === 'ceo') return ok(['ceo']);
  const others = crewOf(goal).filter((agent) => agent.id !== sender);
  if (wanted === 'everyone') return ok(others.map((agent) => agent.id));
  const found = others.filter((agent) => [agent.id, agent.name.toLowerCase(), agent.role].includes(wanted));
  if (found.length > 0) return ok(found.map((agent) => agent.id));
  const known = others.map((agent) => agent.role);
  return err(
    faultOf(
      'no-such-recipient',
      `There is nobody called "${address.slice(0, 60)}".`,
      `You can write to: ${[...new Set(known)].join(', ')}, everyone, ceo.`,
      'Use one of these.',
    ),
  );
}
