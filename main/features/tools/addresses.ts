import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { AgentRecord } from '#protocol/model/goal/parts.ts';
import { crewOf } from '#protocol/model/goal/ready.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER } from '#protocol/model/goal/status.ts';

const folded = (text: string) => text.trim().normalize('NFC').toLowerCase();

/** How much an agent has to do: attempts that are open, then all it ever had. */
function loadOf(goal: Goal, agent: string): number {
  const mine = Object.values(goal.attempts).filter((attempt) => attempt.agent === agent);
  return mine.filter((attempt) => !ATTEMPT_OVER.has(attempt.status)).length * 10_000 + mine.length;
}

/** The agent that has the least to do; the first of equals. */
function leastLoaded(goal: Goal, agents: readonly AgentRecord[]): AgentRecord[] {
  return agents.toSorted((one, other) => loadOf(goal, one.id) - loadOf(goal, other.id)).slice(0, 1);
}

function unknown(address: string, others: readonly AgentRecord[]): Fault {
  return faultOf(
    'no-such-recipient',
    `There is nobody called "${address.slice(0, 60)}".`,
    `You can write to: ${[...new Set(others.map((agent) => agent.role))].join(', ')}, everyone, ceo.`,
    'Use one of these.',
  );
}

/**
 * Resolves an address (agent id or name, `qa` or `role:qa`, `everyone`, `ceo`) to recipients, now; the sender is never
 * one. What wants one answer goes to the agent of a role that has the least to do, so that one is woken and not all;
 * everything else goes to all of them.
 */
export function resolveAddress(
  goal: Goal,
  address: string,
  sender: string,
  wants: 'one' | 'all' = 'all',
): Result<string[], Fault> {
  const wanted = folded(address);
  if (wanted === 'ceo') return ok(['ceo']);
  const others = crewOf(goal).filter((agent) => agent.id !== sender);
  if (wanted === 'everyone') return ok(others.map((agent) => agent.id));
  const named = others.filter((agent) => [folded(agent.id), folded(agent.name)].includes(wanted));
  const role = wanted.startsWith('role:') ? wanted.slice('role:'.length) : wanted;
  const found = others.filter((agent) => agent.role === role);
  if (named.length === 0 && found.length === 0) return err(unknown(address, others));
  // A role's first agent bears its name: whoever means the role gets the role.
  if (found.length === 0) return ok(named.map((agent) => agent.id));
  return ok((wants === 'one' ? leastLoaded(goal, found) : found).map((agent) => agent.id));
}

/** Whom a decision is to bind, from addresses as they are written. Fails with `no-such-recipient`. */
export function resolveBinding(
  goal: Goal,
  addresses: readonly string[],
): Result<{ readonly agents: string[]; readonly roles: string[] }, Fault> {
  const agents: string[] = [];
  const roles: string[] = [];
  const crew = crewOf(goal);
  for (const address of addresses) {
    const wanted = folded(address);
    const role = wanted.startsWith('role:') ? wanted.slice('role:'.length) : wanted;
    const named = crew.find((agent) => [folded(agent.id), folded(agent.name)].includes(wanted));
    if (wanted === 'everyone' || crew.some((agent) => agent.role === role)) roles.push(role);
    else if (named) agents.push(named.id);
    else return err(unknown(address, crew));
  }
  return ok({ agents, roles });
}
