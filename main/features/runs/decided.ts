import type { RoleFile } from '#main/features/crew/index.ts';
import { type DecisionService, decisionLine } from '#main/features/decisions/index.ts';
import type { Goal, Run } from '#protocol/model/goal/state.ts';

/** Decisions a prompt tells at most; the others are a tool call away. */
const MOST = 12;
/** What binds the agent of a run and its session does not know yet: all at its first run, later what is new. */
export async function decidedFor(
  { goal, run, role }: { readonly goal: Goal; readonly run: Run; readonly role: RoleFile | undefined },
  decisions: DecisionService,
): Promise<string[]> {
  const agent = goal.agents[run.agent];
  if (!agent) return [];
  const who = { agent: agent.id, role: agent.role, writable: role?.writable ?? [] };
  const binding = await decisions.binding(goal.project, who);
  const known = run.resume ? knownUntil(goal, run) : 0;
  return binding
    .filter((each) => each.at >= known)
    .slice(0, MOST)
    .map((each) => decisionLine(each, (id) => goal.agents[id]?.name ?? id));
}

/** When the session was last told: at the start of the run before this one. */
function knownUntil(goal: Goal, run: Run): number {
  const before = (goal.attempts[run.attempt]?.runs ?? []).filter((id) => id !== run.id).at(-1);
  return goal.runs[before ?? '']?.orderedAt ?? 0;
}
