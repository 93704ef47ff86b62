import type { Fault } from '#protocol/model/fault.ts';
import type { GuardName } from '#protocol/model/goal/guard.ts';
import type { ToolCall } from './context.ts';

/** Refusals that are a guard's doing. */
const GUARD_OF: Readonly<Record<string, GuardName>> = {
  'too-many-tasks': 'fan-out',
  'too-deep': 'fan-out',
  'too-many-delegated': 'fan-out',
  'waits-for-tasks': 'false-done',
  'too-many-replies': 'ping-pong',
  'nothing-new': 'ping-pong',
};

/** Records that a guard refused a call: a refusal itself leaves no event. The same call is recorded once. */
export async function recordRefusal({ caller, world, toolUseId }: ToolCall, fault: Fault): Promise<void> {
  const guard = Object.hasOwn(GUARD_OF, fault.tag) ? GUARD_OF[fault.tag] : undefined;
  if (guard === undefined) return;
  await world.goals.execute(
    caller.goal,
    {
      type: 'intervene',
      guard,
      action: 'refused',
      attempt: caller.attempt,
      run: caller.run,
      evidence: `${fault.what} ${fault.why}`,
    },
    toolUseId === null ? {} : { id: `guard:${caller.attempt}:${toolUseId}` },
  );
}
