import { crewOf } from '#protocol/model/goal/ready.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import type { WhoIs } from './node.ts';

/** Finds whom a name means in a goal's crew: an agent by name or id, `anyone`, `nobody` (the backlog), else a role. */
export function whoIsIn(goal: Goal): WhoIs {
  return (name) => {
    const wanted = name.trim().toLowerCase();
    if (wanted === 'anyone' || wanted === 'nobody') return { kind: wanted };
    const agent = crewOf(goal).find((each) => each.id === name || each.name.toLowerCase() === wanted);
    return agent && agent.role !== wanted ? { kind: 'agent', agent: agent.id } : { kind: 'role', role: wanted };
  };
}
