import type { EndSignal } from './end-signal.ts';
import { ending, type Reply } from './replies.ts';
import { verdictOf, waitMs } from './retry.ts';
import type { GatewayDeps, Upstream } from './types.ts';
import { readSmall, type UpstreamAnswer } from './upstream-answer.ts';
import { type Opened, openUpstream, type UpstreamRequest } from './upstream-request.ts';

/** How sending a call upstream ended: an answer to relay, or a reply of ours. */
export type Forwarded =
  | { readonly kind: 'answer'; readonly answer: UpstreamAnswer }
  | {
      readonly kind: 'reply';
      readonly reply: Reply;
      /** False where the upstream may have worked on the call although it never answered. */
      readonly unspent: boolean;
    };

/** What forwarding tells while it goes on. */
export interface ForwardReports {
  readonly onRetry: () => void;
  readonly onHealth: (state: 'up' | 'down', cause: string, retryAt: number | null) => void;
}

/** Everything the tries of one call share. */
export interface Forwarding {
  readonly deps: GatewayDeps;
  readonly upstream: Upstream;
  readonly request: UpstreamRequest;
  readonly reports: ForwardReports;
}

type Try =
  | { readonly kind: 'done'; readonly forwarded: Forwarded }
  | { readonly kind: 'again'; readonly cause: string; readonly afterMs: number | null };

const FAULT_BYTES = 64 * 1024;

function pause(deps: GatewayDeps, ms: number, signal: EndSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      cancelTimer();
      signal.offAbort(finish);
      resolve();
    };
    const cancelTimer = deps.clock.after(ms, finish);
    signal.onAbort(finish);
    if (signal.aborted) finish();
  });
}

function given(reply: Reply, unspent: boolean): Try {
  return { kind: 'done', forwarded: { kind: 'reply', reply, unspent } };
}

function judgeFailure({ upstream, reports }: Forwarding, opened: Opened & { kind: 'failed' }): Try {
  if (!opened.maybeReceived) return { kind: 'again', cause: opened.cause, afterMs: null };
  reports.onHealth('down', opened.cause, null);
  const message = `model server "${upstream.id}" did not answer: ${opened.cause}`;
  return given(ending('aios_upstream_unavailable', message), false);
}

async function judgeAnswer(forwarding: Forwarding, answer: UpstreamAnswer): Promise<Try> {
  const { deps, upstream, reports } = forwarding;
  const verdict = verdictOf(answer.status, answer.fields, deps.clock.now());
  if (verdict.kind === 'pass') {
    reports.onHealth('up', 'it answers', null);
    return { kind: 'done', forwarded: { kind: 'answer', answer } };
  }
  await readSmall(answer, FAULT_BYTES);
  if (verdict.kind === 'again') return verdict;
  reports.onHealth('down', verdict.cause, null);
  const type = verdict.kind === 'login' ? 'aios_upstream_login' : 'aios_upstream_unavailable';
  return given(ending(type, `model server "${upstream.id}": ${verdict.cause}`), true);
}

function exhausted({ deps, upstream, reports }: Forwarding, cause: string, afterMs: number | null): Forwarded {
  const retryAt = afterMs === null ? null : deps.clock.now() + afterMs;
  reports.onHealth('down', cause, retryAt);
  const asked = afterMs === null ? '' : `; it asks to wait ${Math.ceil(afterMs / 1000)} s`;
  const type = afterMs === null ? 'aios_upstream_unavailable' : 'aios_upstream_waiting';
  const reply = ending(type, `model server "${upstream.id}": ${cause}${asked}`);
  return { kind: 'reply', reply, unspent: true };
}

/**
 * Tries an upstream until it answers, refuses for good, or the limits are used up. Waits it asks for are honoured here,
 * once, instead of in every agent; nothing was sent to the agent yet, so a repeated try is invisible to it.
 */
export async function forward(forwarding: Forwarding): Promise<Forwarded> {
  const { deps, request, reports } = forwarding;
  let waited = 0;
  for (let attempt = 1; ; attempt += 1) {
    const opened = await openUpstream(request);
    const judged =
      opened.kind === 'failed' ? judgeFailure(forwarding, opened) : await judgeAnswer(forwarding, opened.answer);
    if (judged.kind === 'done') return judged.forwarded;
    const wait = waitMs(judged.afterMs, attempt, waited, deps.limits, deps.random);
    if (wait === null || request.signal.aborted) return exhausted(forwarding, judged.cause, judged.afterMs);
    reports.onRetry();
    await pause(deps, wait, request.signal);
    waited += wait;
    if (request.signal.aborted) return exhausted(forwarding, 'the call was ended here', null);
  }
}
