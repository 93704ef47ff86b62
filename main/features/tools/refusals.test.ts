import { describe, expect, it } from 'vitest';
import { bench, LIMITS, start, stated, taskOf } from '#main/features/goals/test-kit.ts';
import { err, ok } from '#main/platform/result.ts';
import { faultOf } from '#protocol/model/fault.ts';
import type { ToolCall } from './context.ts';
import { recordRefusal } from './refusals.ts';

/** A goal of one agent at work, and a call of that agent. */
function calling(): { on: ReturnType<typeof bench>; call: ToolCall } {
  const on = bench();
  on.do(stated({ solo: 'ann', limits: LIMITS }));
  const run = start(on, taskOf(on, 'Make it so'));
  const attempt = on.goal().runs[run]?.attempt ?? '';
  const goals: Pick<ToolCall['world']['goals'], 'execute'> = {
    async execute(_id, command) {
      const decision = on.do(command);
      return decision.kind === 'refused'
        ? err(decision.fault)
        : ok({ command: 'c', stream: 'goal/goal_1', version: 1, sequence: 1, repeated: false });
    },
  };
  const world = { goals } as ToolCall['world'];
  return {
    on,
    call: { caller: { goal: 'goal_1', agent: 'ann', attempt, run, allowed: new Set() }, toolUseId: 'tu', world },
  };
}

describe('a refusal of a tool', () => {
  it.each([
    ['too-many-tasks', 'fan-out'],
    ['too-deep', 'fan-out'],
    ['too-many-delegated', 'fan-out'],
    ['waits-for-tasks', 'false-done'],
    ['too-many-replies', 'ping-pong'],
    ['nothing-new', 'ping-pong'],
  ])('%s is recorded as an intervention of the guard %s', async (tag, guard) => {
    const { on, call } = calling();
    await recordRefusal(call, faultOf(tag, 'What.', 'Why.', 'Next.'));
    const [found] = on.goal().interventions[call.caller.attempt] ?? [];
    expect(found).toMatchObject({ guard, action: 'refused', run: call.caller.run });
    expect(on.texts.get(found?.evidence.id ?? '')).toBe('What. Why.');
  });

  it("that is no guard's is not", async () => {
    const { on, call } = calling();
    for (const tag of ['bad-plan', 'toString']) await recordRefusal(call, faultOf(tag, 'What.', 'Why.', 'Next.'));
    expect(on.goal().interventions).toEqual({});
  });
});
