import type { HookCallback, HookJSONOutput, PreToolUseHookInput } from '@anthropic-ai/claude-agent-sdk';
import type { DeferredCall } from '#protocol/agent/event.ts';
import type { GatedCall, Verdict } from '../../policy/gate.ts';
import { actionOf, fullTitle, neutralName } from './tools.ts';

const ONE_AT_A_TIME = 'Another call of yours waits for an answer. Make this one again when you have it.';
const NOT_IN_SUBAGENT = 'A sub-agent cannot wait for an answer. Report back and let the main agent do this.';

function answer(permissionDecision: 'allow' | 'deny' | 'defer', reason?: string): HookJSONOutput {
  return {
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision,
      ...(reason === undefined ? {} : { permissionDecisionReason: reason }),
    },
  };
}

function gatedCall(input: PreToolUseHookInput): GatedCall {
  return {
    toolUseId: input.tool_use_id,
    tool: neutralName(input.tool_name),
    action: actionOf(input.tool_name, input.tool_input),
    input: input.tool_input,
    title: fullTitle(input.tool_name, input.tool_input),
  };
}

/** What the hook tells the run: that it was asked at all, and the one call that ends the turn. */
interface Waiting {
  asked: boolean;
  deferred: DeferredCall | undefined;
}

/**
 * The hook that Claude Code asks before each tool call. It always decides, so that none of Claude Code's own permission
 * rules do. At most one call of a turn is deferred: of two, Claude Code keeps the last and forgets the other. Before that
 * `withdraw` takes back what would keep the turn from ending.
 */
export function preToolUse(
  gate: (call: GatedCall) => Verdict,
  waiting: Waiting,
  withdraw: () => Promise<void>,
): HookCallback {
  const decided = async (input: PreToolUseHookInput): Promise<HookJSONOutput> => {
    waiting.asked = true;
    const verdict = gate(gatedCall(input));
    if (verdict.kind === 'run') return answer('allow');
    if (verdict.kind === 'refuse') return answer('deny', verdict.reason);
    if (input.agent_id !== undefined) return answer('deny', NOT_IN_SUBAGENT);
    if (waiting.deferred) return answer('deny', ONE_AT_A_TIME);
    waiting.deferred = verdict.call;
    await withdraw();
    return answer('defer');
  };
  return async (input) => {
    if (input.hook_event_name !== 'PreToolUse') return {};
    try {
      return await decided(input);
    } catch (error) {
      // A hook that fails leaves the decision to Claude Code's own rules: what cannot be decided is denied instead.
      return answer('deny', `The call could not be checked: ${String(error)}`);
    }
  };
}
