import type { Assignment } from '#protocol/agent/assignment.ts';
import type { AgentEvent, DeferredCall } from '#protocol/agent/event.ts';
import { type Action, decide, policyContext } from './index.ts';

/** A tool call as a driver meets it. */
export interface GatedCall {
  readonly toolUseId: string;
  readonly tool: string;
  readonly action: Action;
  readonly input: unknown;
  /** Display-ready and complete: what somebody decides on. */
  readonly title: string;
}

/** What the driver does with the call. */
export type Verdict =
  | { readonly kind: 'run' }
  | { readonly kind: 'refuse'; readonly reason: string }
  | { readonly kind: 'defer'; readonly call: DeferredCall };

/** Longest input somebody can be asked to decide on; it travels in one channel message, whole. */
const REVIEWABLE = 512 * 1024;

function refused(call: GatedCall, reason: string, emit: (event: AgentEvent) => void): Verdict {
  emit({ type: 'denied', toolUseId: call.toolUseId, tool: call.tool, title: call.title, reason });
  return { kind: 'refuse', reason };
}

function deferred(call: GatedCall, kind: DeferredCall['kind'], reason: string): Verdict {
  const { toolUseId, tool, title } = call;
  return { kind: 'defer', call: { toolUseId, kind, tool, input: JSON.stringify(call.input), title, reason } };
}

/** The gate of one run: policy first, then what the CEO or an answer has resolved. A resolution never lifts a denial. */
export function toolGate(assignment: Assignment, emit: (event: AgentEvent) => void): (call: GatedCall) => Verdict {
  const context = policyContext(assignment);
  return (call) => {
    const decision = decide(context, call.action);
    if (decision.kind === 'allow') return { kind: 'run' };
    if (decision.kind === 'deny') return refused(call, decision.reason, emit);
    const known = assignment.resolved.find((resolution) => resolution.toolUseId === call.toolUseId);
    if (known?.decision === 'allow') return { kind: 'run' };
    if (known) return refused(call, known.reason ?? 'The CEO declined this.', emit);
    const reason = decision.kind === 'ask' ? decision.reason : 'The answer is not there yet.';
    const verdict = deferred(call, decision.kind === 'ask' ? 'permission' : 'await', reason);
    const tooLong = verdict.kind === 'defer' && verdict.call.input.length > REVIEWABLE;
    return tooLong ? refused(call, 'Too long for anybody to review; do it in smaller steps.', emit) : verdict;
  };
}
