import type { CrewFile, RoleFile } from '#main/features/crew/index.ts';
import { isUnderWay, refusalOf, waitsOf } from '#main/features/goals/index.ts';
import { type GoalSetup, machineCap } from '#main/features/runs/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { AssignmentPreview, RoleView } from '#protocol/contract/plan.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { AgentRecord, Assignee } from '#protocol/model/goal/parts.ts';
import type { Goal, Task } from '#protocol/model/goal/state.ts';
import { nanosFromUsd } from '#protocol/model/money.ts';
import type { Parts } from '../parts.ts';
import { titlesOf } from './plan-words.ts';

/** Without it no task ever ends. */
const NEEDED_TOOL = 'complete_task';

/** Why a role of the crew could not do a task at all, or null. */
export function lacking(goal: Goal, setup: GoalSetup, assignee: Assignee): Fault | null {
  if (assignee.kind !== 'agent' && assignee.kind !== 'role') return null;
  const name = assignee.kind === 'role' ? assignee.role : (goal.agents[assignee.agent]?.role ?? '');
  const role = setup.crew.roles[name];
  if (!role || role.aiosTools.includes(NEEDED_TOOL)) return null;
  return faultOf(
    'role-lacks-tool',
    `${role.title} cannot finish a task.`,
    `Its role in the crew file lacks the tool ${NEEDED_TOOL}.`,
    'Choose another role, or start with a crew file that allows it.',
  );
}

/** The roles of a goal's crew as the shelf shows them. */
export function roleViews(crew: CrewFile): RoleView[] {
  return Object.entries(crew.roles).map(([role, file]) => ({
    role,
    title: file.title,
    driver: file.driver,
    model: file.model,
    lead: file.lead,
    tools: file.tools,
    writable: file.writable,
    protected: file.protected,
    capUsd: file.caps.usd ?? null,
  }));
}

function routeOf(agent: AgentRecord, role: RoleFile | undefined): string {
  if (role && role.model !== agent.model)
    return `The driver is fixed by the crew file; the model was chosen when ${agent.name} was hired.`;
  return `Fixed by the crew file for the role ${agent.role}.`;
}

function privacyOf(parts: Parts, goal: Goal): string {
  const upstream = parts.upstreams.config(goal.upstream);
  if (!upstream) return `The model endpoint "${goal.upstream}" of this goal is not set up now, so nothing can be sent.`;
  const { host } = new URL(upstream.baseUrl);
  return `Everything in the workspace may go to this goal's model endpoint, ${host}.`;
}

/** Who has work under way that would be handed over. */
function doerOf(goal: Goal, task: Task): string | null {
  const attempt = goal.attempts[task.attempts.at(-1) ?? ''];
  if (!attempt || !isUnderWay(task) || attempt.runs.length === 0) return null;
  return goal.agents[attempt.agent]?.name ?? null;
}

async function waitsFor(parts: Parts, goal: Goal, task: Task, agent: AgentRecord): Promise<string[]> {
  const waits = waitsOf(goal, task, agent.id);
  const busyWith = waits.busyWith?.task;
  const tasks = [...waits.tasks.map((each) => each.id), ...(busyWith === undefined ? [] : [busyWith])];
  const titles = await titlesOf(parts.engine, goal, tasks);
  const cap = parts.config.agentCap ?? machineCap();
  const full = parts.slots.taken() >= cap;
  return [
    ...waits.tasks.map((each) => `"${titles.get(each.id) ?? each.id}", which is not done`),
    ...(busyWith === undefined ? [] : [`${agent.name}, who has "${titles.get(busyWith) ?? busyWith}"`]),
    ...(waits.unapproved ? ['your approval of the plan'] : []),
    ...(waits.paused ? [goal.status === 'stopped' ? 'the goal, which is stopped' : 'the goal, which is paused'] : []),
    ...(full ? [`a free place on this machine (${cap} ${cap === 1 ? 'agent runs' : 'agents run'})`] : []),
  ];
}

/** What would happen if the task were given to the agent now. Changes nothing. */
export async function preview(
  parts: Parts,
  goal: Goal,
  taskId: string,
  agentId: string,
): Promise<Result<AssignmentPreview, Fault>> {
  const task = goal.tasks[taskId];
  if (!task)
    return err(faultOf('no-such-task', `There is no task ${taskId}.`, 'It is not part of this goal.', 'Look again.'));
  const agent = goal.agents[agentId];
  if (!agent)
    return err(faultOf('no-such-agent', `There is no agent ${agentId}.`, 'It is not in the crew.', 'Look again.'));
  const setup = await parts.runner.setupOf(goal);
  const role = setup.crew.roles[agent.role];
  const assignee = { kind: 'agent', agent: agent.id } as const;
  return ok({
    driver: agent.driver,
    model: agent.model,
    route: routeOf(agent, role),
    estimateNanos: null,
    capNanos: role?.caps.usd === undefined ? goal.limits.runNanos : nanosFromUsd(role.caps.usd),
    privacy: privacyOf(parts, goal),
    waitsFor: await waitsFor(parts, goal, task, agent),
    handsOver: doerOf(goal, task),
    refusal: refusalOf(goal, task, assignee) ?? lacking(goal, setup, assignee),
  });
}
