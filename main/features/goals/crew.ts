import { crewOf } from '#protocol/model/goal/ready.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER } from '#protocol/model/goal/status.ts';
import type { NewAgent } from './command.ts';
import { type Draft, refuseWith } from './draft.ts';
import { releaseOrphans } from './edit.ts';

/** Most agents of a goal, those that left included. */
const MOST_AGENTS = 500;
/** Names that address somebody else. */
const RESERVED: ReadonlySet<string> = new Set(['ceo', 'everyone', 'anyone', 'nobody', 'system', 'you', 'aios']);

/** One line of visible characters. */
function plainName(name: string): string {
  return name
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function numbered(taken: ReadonlySet<string>, base: string): string {
  if (!taken.has(base.toLowerCase()) && !taken.has(`${base} 1`.toLowerCase())) return base;
  let number = 2;
  while (taken.has(`${base} ${number}`.toLowerCase())) number += 1;
  return `${base} ${number}`;
}

/** A name nobody else is known by. One that was asked for is taken as it is or refused. */
function nameFor(goal: Goal, agent: NewAgent): string {
  const agents = Object.values(goal.agents);
  const taken = new Set(agents.map((each) => each.name.toLowerCase()));
  const wanted = plainName(agent.name ?? '');
  if (wanted === '') return numbered(taken, agent.title);
  const roles = new Set(agents.map((each) => each.role));
  if (taken.has(wanted.toLowerCase()) || RESERVED.has(wanted.toLowerCase()) || roles.has(wanted.toLowerCase()))
    refuseWith('name-taken', `"${wanted}" is taken.`, 'Messages would not know whom to reach.', 'Choose another name.');
  return wanted;
}

/** Adds an agent of a role of the crew. */
export function hireAgent(draft: Draft, agent: NewAgent, by: string): void {
  if (draft.goal.agents[agent.id])
    refuseWith('hired-already', 'This agent is hired already.', 'It is in the crew.', 'Look at the crew.');
  if (Object.keys(draft.goal.agents).length >= MOST_AGENTS)
    refuseWith('too-many-agents', `A goal has at most ${MOST_AGENTS} agents.`, 'It has as many.', 'Use who is there.');
  if (agent.lead && crewOf(draft.goal).some((each) => each.lead))
    refuseWith('one-lead', 'There is a Lead already.', 'A goal has one.', 'Hire another role.');
  const { id, role, driver, model, lead, confined } = agent;
  const name = nameFor(draft.goal, agent);
  draft.emit({
    type: 'agent.hired',
    agent: { id, name, role, driver, model, lead, ...(confined ? { confined } : {}) },
    by,
  });
}

function member(draft: Draft, id: string): void {
  if (!draft.goal.agents[id])
    refuseWith('no-such-agent', 'There is no such agent.', 'It is not in the crew.', 'Look at the crew.');
  if (draft.goal.dismissed.includes(id))
    refuseWith('dismissed', 'This agent was dismissed.', 'It is not in the crew any more.', 'Hire another.');
}

/** An agent leaves. Refused while it has work under way; what only it could do goes to the backlog. */
export function dismissAgent(draft: Draft, id: string, by: string): void {
  if (draft.goal.dismissed.includes(id)) return;
  member(draft, id);
  const open = Object.values(draft.goal.attempts).find(
    (attempt) => attempt.agent === id && !ATTEMPT_OVER.has(attempt.status),
  );
  if (open)
    refuseWith(
      'agent-works',
      'This agent has work under way.',
      `Its attempt at ${open.task} is not over.`,
      'Take the task back or cancel it first.',
    );
  if (draft.goal.agents[id]?.lead && !draft.goal.board && draft.goal.solo !== id)
    refuseWith('only-lead', 'The Lead stays.', 'Nobody else plans this goal.', 'Pause it instead.');
  draft.emit({ type: 'agent.dismissed', agent: id, by });
  releaseOrphans(draft);
}

/** A paused agent starts nothing new. */
export function pauseAgent(draft: Draft, id: string, paused: boolean, by: string): void {
  member(draft, id);
  if (draft.goal.pausedAgents.includes(id) === paused) return;
  draft.emit({ type: 'agent.paused', agent: id, paused, by });
}
