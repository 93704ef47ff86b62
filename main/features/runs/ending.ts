import { callTitle } from '#protocol/agent/call-title.ts';
import type { AgentEvent } from '#protocol/agent/event.ts';
import type { Run } from '#protocol/model/goal/state.ts';
import type { LiveRun } from './live.ts';

/** How a run ended, and what there is to say of it. */
export interface End {
  readonly outcome: Run['outcome'] & string;
  readonly detail: string;
}

const INTERRUPT_GRACE_MS = 5_000;

/** Ends the turn; a driver that does not listen is killed. */
export function interruptLive(entry: LiveRun): void {
  entry.interrupted = true;
  entry.host.send({ type: 'interrupt' });
  const timer = setTimeout(() => void entry.host.kill(), INTERRUPT_GRACE_MS);
  timer.unref();
  void entry.host.exited.then(() => clearTimeout(timer));
}

/** How a run ends by this event, if it does. */
export function endOf(event: AgentEvent): End | undefined {
  if (event.type === 'finished') return { outcome: event.reason, detail: event.text };
  if (event.type === 'failed') return { outcome: event.kind, detail: `${event.fault.what} ${event.fault.why}` };
  return undefined;
}

/** What an agent does now, in a line; undefined when the event does not say. */
export function activityOf(event: AgentEvent, workspace: string | null): string | undefined {
  if (event.type === 'tool-call') return callTitle(event, workspace);
  if (event.type === 'text') return event.text.slice(0, 120);
  if (event.type === 'thinking') return 'thinking';
  if (event.type === 'deferred') return callTitle(event.call, workspace);
  return undefined;
}
