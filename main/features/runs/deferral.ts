import type { StreamHandle } from '#main/engine/engine.ts';
import type { Deferral, GoalCommand } from '#main/features/goals/index.ts';
import { openAsk, recordRefusal, type ToolWorld } from '#main/features/tools/index.ts';
import type { DeferredCall } from '#protocol/agent/event.ts';
import type { Attempt, Goal, Run } from '#protocol/model/goal/state.ts';

/** The run that stopped at a call, and what its deferral touches. */
export interface DeferringRun {
  readonly goals: StreamHandle<Goal, GoalCommand>;
  readonly world: ToolWorld;
  readonly goal: string;
  readonly run: Run;
  readonly attempt: Attempt;
}

/** Tells the goal what the run waits for. The same call is told once. */
export async function deferRun(at: DeferringRun, call: DeferredCall): Promise<void> {
  const deferral = await deferralOf(at, call);
  await at.goals.execute(
    at.goal,
    { type: 'run-deferred', run: at.run.id, deferral },
    { id: `defer:${at.run.id}:${call.toolUseId}` },
  );
}

async function deferralOf({ world, goal, run, attempt }: DeferringRun, call: DeferredCall): Promise<Deferral> {
  const base = { toolUseId: call.toolUseId, title: call.title, detail: call.input };
  const ceo = { ...base, owner: 'ceo', on: null };
  if (call.kind === 'permission')
    return { ...ceo, cause: 'permission', detail: call.title, title: call.reason || call.title };
  if (!call.tool.endsWith('ask')) return { ...ceo, cause: 'question' };
  const caller = { goal, agent: attempt.agent, attempt: attempt.id, run: run.id, allowed: new Set(['ask']) };
  const asking = { caller, toolUseId: call.toolUseId, world };
  const asked = await openAsk(JSON.parse(call.input), asking);
  if (!asked.ok) await recordRefusal(asking, asked.error);
  if (!asked.ok) return { ...ceo, cause: 'question', title: `${asked.error.what} ${asked.error.why}` };
  return { ...base, cause: 'answer', owner: asked.value.owner, on: asked.value.message };
}
