import type { SDKMessage, SDKResultMessage } from '@anthropic-ai/claude-agent-sdk';
import type { AgentEvent, DeferredCall } from '#protocol/agent/event.ts';
import { crashOf, type Failure, failureOf, isLoginTrouble, type Trouble } from '../failure.ts';
import { resultText } from './messages.ts';

/** What is remembered of a run until it ends. */
export interface Progress {
  started: boolean;
  interrupted: boolean;
  /** Claude Code's class of the last API error. */
  category: string | undefined;
  result: SDKResultMessage | undefined;
  failure: Failure | undefined;
  deferred: DeferredCall | undefined;
  /** Some tool call reached the hook. */
  asked: boolean;
}

/** A run that has not begun. */
export function noProgress(): Progress {
  return {
    started: false,
    interrupted: false,
    category: undefined,
    result: undefined,
    failure: undefined,
    deferred: undefined,
    asked: false,
  };
}

function trouble(result: SDKResultMessage, category: string | undefined): Trouble {
  const status = 'api_error_status' in result ? (result.api_error_status ?? null) : null;
  return { status, category, detail: resultText(result) };
}

/** The call that a result ends for, to be made when somebody has decided. */
export function waitsFor(result: SDKResultMessage, progress: Progress): DeferredCall | undefined {
  const waiting = 'deferred_tool_use' in result ? result.deferred_tool_use : undefined;
  return waiting?.id === progress.deferred?.toolUseId ? progress.deferred : undefined;
}

function ending(result: SDKResultMessage, progress: Progress): AgentEvent[] {
  const text = resultText(result);
  const call = waitsFor(result, progress);
  if (call)
    return [
      { type: 'deferred', call },
      { type: 'finished', reason: 'deferred', text },
    ];
  if (progress.interrupted) return [{ type: 'finished', reason: 'interrupted', text: '' }];
  if (result.subtype === 'error_max_turns') return [{ type: 'finished', reason: 'turn-limit', text }];
  if (result.is_error) return [failureOf(trouble(result, progress.category))];
  return [{ type: 'finished', reason: 'completed', text }];
}

/** The events that end a run. */
export function outcome(progress: Progress, crash: string): AgentEvent[] {
  if (progress.failure) return [progress.failure];
  if (progress.result) return ending(progress.result, progress);
  // An interrupt during start-up ends Claude Code before any turn; there is nothing to report but that.
  return progress.interrupted ? [{ type: 'finished', reason: 'interrupted', text: '' }] : [crashOf(crash)];
}

/** 401 and 403 are retried by Claude Code although nothing can change; the first one told to us decides. */
export function refusal(message: SDKMessage): Failure | undefined {
  if (message.type !== 'system' || message.subtype !== 'api_retry') return undefined;
  const detail = `HTTP ${message.error_status}: ${message.error}`;
  const seen = { status: message.error_status, category: message.error, detail };
  return isLoginTrouble(seen) ? failureOf(seen) : undefined;
}
