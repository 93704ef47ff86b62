import type { Performance } from '#main/engine/performer.ts';
import type { Assignment } from '#protocol/agent/assignment.ts';
import { packetOf } from '#protocol/model/goal/evolve-handoff.ts';
import type { Attempt, Goal, Run } from '#protocol/model/goal/state.ts';
import { composeAssignment } from './assignment.ts';
import { decidedFor } from './decided.ts';
import { unreadBy } from './doorbell.ts';
import type { RunnerParts } from './parts.ts';
import { roleIn } from './policy.ts';
import { composePrompt } from './prompt.ts';
import type { GoalSetup } from './setup.ts';

/** The run that is about to start. */
export interface KnownRun {
  readonly goal: Goal;
  readonly run: Run;
  readonly attempt: Attempt;
}

/** Puts together all that the host of a run is told; a fresh session of a handed-over attempt gets the packet. */
export async function assign(
  parts: RunnerParts,
  { goal, run, attempt }: KnownRun,
  { setup, token }: { readonly setup: GoalSetup; readonly token: string },
  performance: Performance,
): Promise<Assignment> {
  const agent = goal.agents[attempt.agent];
  const task = goal.tasks[attempt.task];
  const role = roleIn(task?.kind ?? 'work', setup.crew.roles[agent?.role ?? '']);
  if (!agent || !role || !task) throw new Error(`run ${run.id} has no agent, role or task`);
  const ordered = performance.event.data as {
    about: Array<{ id: string }>;
    resolved: Array<{ toolUseId: string; decision: 'allow' | 'deny'; reason: { id: string } | null }>;
  };
  const remembered = [...(goal.remembered[agent.id] ?? []), ...attempt.allowed];
  const packet = run.resume ? undefined : packetOf(attempt)?.packet?.id;
  const found = await parts.engine.payloads([
    ...ordered.about.map((ref) => ref.id),
    ...ordered.resolved.flatMap((each) => each.reason?.id ?? []),
    ...remembered.map((ref) => ref.id),
    task.title.id,
    task.brief.id,
    ...(task.spec?.checks ?? []).map((ref) => ref.id),
    task.spec?.done?.id ?? '',
    goal.text?.id ?? '',
    packet ?? '',
  ]);
  const text = (id: string) => found.get(id) ?? '';
  return composeAssignment({
    goal,
    run,
    attempt: { ...attempt, workspace: parts.workspaceOf(goal, attempt).path },
    agent,
    role,
    setup,
    prompt: composePrompt({
      reason: run.reason,
      resume: run.resume,
      kind: task.kind,
      consults: task.kind === 'plan' && task.about !== null,
      title: text(task.title.id),
      brief: task.brief.id === task.title.id ? '' : text(task.brief.id),
      goal: text(goal.text?.id ?? ''),
      done: task.spec?.done === undefined ? '' : text(task.spec.done.id),
      checks: (task.spec?.checks ?? []).map((ref) => text(ref.id)),
      about: ordered.about.map((ref) => text(ref.id)),
      replays: ordered.resolved.length > 0,
      unread: unreadBy(agent.id, goal.id, parts.messages),
      decisions: await decidedFor({ goal, run, role }, parts.decisions),
      packet: packet === undefined ? undefined : text(packet),
    }),
    resolved: ordered.resolved.map((each) => ({
      toolUseId: each.toolUseId,
      decision: each.decision,
      ...(each.reason ? { reason: text(each.reason.id) } : {}),
    })),
    remembered: remembered.map((ref) => text(ref.id)),
    gateway: `${parts.gateway.origin()}/run/${token}`,
    mcp: { url: parts.mcpUrl(), token },
    homes: parts.homes,
    sandbox: parts.sandboxFor(attempt, goal),
  });
}
