import type { CallOutcome, CallUsage } from '#main/ports/call-authority/port.ts';
import { costOf, promptTokensOf } from '#protocol/model/price-book.ts';
import type { AgentRequest } from './agent-connection.ts';
import type { AgentResponse } from './agent-response.ts';
import type { Wanted } from './aheads.ts';
import { type Bytes, piecesOf } from './byte-rope.ts';
import { type CallBody, clampedBody, readCallBody } from './call-body.ts';
import { dayOf } from './dates.ts';
import type { EndSignal } from './end-signal.ts';
import { type Forwarded, forward } from './forward.ts';
import type { Route } from './guard.ts';
import { upstreamHeaders } from './headers.ts';
import { estimatePrompt, messagesIn, type PromptEstimate, type Remembered, sameBytes } from './prompt-memory.ts';
import { type Relayed, relayAnswer } from './relay.ts';
import { ending, type Reply, sendReply } from './replies.ts';
import { nextOf, reserve, wantedOf } from './reservation.ts';
import type { AdmittedRun } from './run-registry.ts';
import type { GatewayState } from './state.ts';
import type { Upstream } from './types.ts';
import { createUsageTally, type UsageTally } from './usage-tally.ts';

/** A request that passed the guard, with its body. */
export interface IncomingCall {
  readonly state: GatewayState;
  readonly route: Route;
  readonly run: AdmittedRun;
  readonly upstream: Upstream;
  readonly request: AgentRequest;
  readonly response: AgentResponse;
  readonly bytes: Bytes;
  /** The thread's last completed call when this one began, and how many bytes of it begin this one. */
  readonly before: Remembered | undefined;
  readonly same: number;
  readonly signal: EndSignal;
}

interface JudgedCall extends IncomingCall {
  readonly parsed: CallBody;
  readonly thread: string;
  readonly estimate: PromptEstimate;
  readonly date: string;
  readonly startedAt: number;
}

interface ReservedCall extends JudgedCall {
  readonly id: string;
  readonly ahead: boolean;
  readonly wanted: Wanted;
}

type Settlement = Pick<CallOutcome, 'status' | 'usage' | 'nanos' | 'httpStatus' | 'messagesSeen'>;

const NOTHING: CallUsage = { input: 0, output: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0 };

/** Which conversation of a run a request belongs to: sub-agents name themselves. */
export function threadOf(request: AgentRequest): string {
  return request.fields.get('x-claude-code-agent-id') ?? '';
}

function refuse(call: IncomingCall, reply: Reply): void {
  call.state.counts.refused();
  sendReply(call.response, reply);
}

function tallyFor(bytes: Bytes): UsageTally {
  return createUsageTally(() => bytes.subarray(0, bytes.length).includes('"1h"'));
}

function forwarded(call: IncomingCall, pieces: readonly Buffer[], streaming: boolean): Promise<Forwarded> {
  const { state, upstream, request, signal, route } = call;
  const { deps, pool, counts, health } = state;
  const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return forward({
    deps,
    upstream,
    request: {
      pool,
      clock: deps.clock,
      baseUrl: upstream.baseUrl,
      path: route.path,
      method: request.method,
      fields: upstreamHeaders(request.fields, upstream.auth, bytes),
      pieces,
      headMs: streaming ? deps.limits.idleMs : deps.limits.totalMs,
      signal,
    },
    reports: {
      onRetry: () => counts.retried(upstream.id),
      onHealth: (up, cause, retryAt) => health.report(upstream.id, up, cause, retryAt),
    },
  });
}

async function settle(call: ReservedCall, settlement: Settlement): Promise<void> {
  const { deps } = call.state;
  try {
    const { usage, status } = settlement;
    const { wanted, run, thread } = call;
    const { aheads } = call.state;
    const follows = status === 'completed' && !run.revoked.aborted && !aheads.has(wanted, thread);
    const next = follows ? { ...nextOf(call, wanted, usage), call: deps.newCallId() } : null;
    const settled = deps.authority.settle({
      run: run.run,
      call: call.id,
      model: call.parsed.model,
      milliseconds: Math.round(deps.clock.monotonic() - call.startedAt),
      next,
      ...settlement,
    });
    const stored = settled.catch(() => null);
    if (next) aheads.keep(next, thread, stored);
    await settled;
  } catch (error) {
    deps.onFault(`a call could not be settled: ${error instanceof Error ? error.message : 'unknown'}`);
  }
}

function unspent(status: 'failed' | 'cancelled', httpStatus: number): Settlement {
  return { status, usage: NOTHING, nanos: 0, httpStatus, messagesSeen: [] };
}

function spentOn(call: ReservedCall, relayed: Relayed, httpStatus: number): Settlement {
  if (relayed.status === 'failed') return unspent('failed', httpStatus);
  const { usage, status } = relayed;
  const cost = usage && costOf(call.state.deps.book, call.parsed.model, call.date, usage).nanos;
  const done = status === 'completed';
  return {
    status,
    usage,
    nanos: call.upstream.free ? 0 : cost,
    httpStatus,
    messagesSeen: done ? messagesIn(call.parsed.bytes, call.estimate.fresh) : [],
  };
}

async function send(call: ReservedCall, pieces: readonly Buffer[]): Promise<Settlement> {
  const leaving = forwarded(call, pieces, call.parsed.stream);
  // Told while the upstream is at work: the call itself goes first.
  if (call.ahead) call.state.deps.authority.began(call.run.run, call.id);
  const sent = await leaving;
  if (sent.kind === 'reply') {
    call.state.counts.failed(call.upstream.id);
    sendReply(call.response, sent.reply);
    const status = call.signal.aborted ? 'cancelled' : 'failed';
    const { reply } = sent;
    if (sent.unspent) return unspent(status, reply.status);
    return { status, usage: null, nanos: null, httpStatus: reply.status, messagesSeen: [] };
  }
  const { answer } = sent;
  const tally = tallyFor(call.parsed.bytes);
  const { response, signal, upstream } = call;
  const relayed = await relayAnswer({
    deps: call.state.deps,
    answer,
    response,
    auth: upstream.auth,
    tally,
    signal,
  });
  if (tally.anomalous()) call.state.deps.onFault(`"${upstream.id}" reported usage that cannot be true`);
  if (relayed.status === 'cut') call.state.counts.failed(upstream.id);
  if (relayed.status === 'completed') {
    const tokens = relayed.usage ? promptTokensOf(relayed.usage) : null;
    call.state.memory.learn(call.run.run, call.thread, call.parsed, tokens);
  }
  return spentOn(call, relayed, answer.status);
}

async function granted(call: ReservedCall, maxTokens: number): Promise<void> {
  const pieces = maxTokens >= 1 ? clampedBody(call.parsed, maxTokens) : null;
  if (!pieces) {
    refuse(call, ending('billing_error', 'the budget left does not cover thinking and an answer'));
    return settle(call, unspent('failed', 402));
  }
  if (call.signal.aborted) return settle(call, unspent('cancelled', 0));
  return settle(call, await send(call, pieces));
}

/** One model call from its body to its settlement: held, priced, reserved, clamped, forwarded, relayed, settled once. */
export async function handleMessages(call: IncomingCall): Promise<void> {
  const { state, run, bytes, before, signal, request } = call;
  const { deps, runs } = state;
  const parsed = readCallBody(bytes, before && { scan: before.scan, same: call.same });
  if (!parsed.ok) return refuse(call, { status: 400, type: 'invalid_request_error', message: parsed.error });
  const { surcharge } = parsed.value;
  if (surcharge !== null) {
    return refuse(call, ending('billing_error', `the price book has no price for ${surcharge}`));
  }
  if (!(await runs.released(run.run, signal))) {
    return refuse(call, ending('billing_error', 'this run is held until the CEO decides'));
  }
  const { bytes: sent } = parsed.value;
  // What was normalised is not what arrived.
  const same = before && sent !== bytes ? sameBytes(before.bytes, sent) : call.same;
  const judged: JudgedCall = {
    ...call,
    parsed: parsed.value,
    thread: threadOf(request),
    estimate: estimatePrompt(before, sent, same),
    date: dayOf(deps.clock.now()),
    startedAt: deps.clock.monotonic(),
  };
  const wanted = wantedOf(judged);
  const { id, grant, ahead } = await reserve(state, wanted, judged.thread);
  if (grant.kind === 'refused') return refuse(call, ending('billing_error', grant.reason));
  state.counts.called(call.upstream.id);
  return granted({ ...judged, id, ahead, wanted }, grant.maxTokens);
}

/** A call that costs nothing (counting tokens, listing models): forwarded without a reservation. */
export async function handleFree(call: IncomingCall): Promise<void> {
  const { state, bytes, response, upstream, signal } = call;
  const sent = await forwarded(call, piecesOf(bytes), false);
  if (sent.kind === 'reply') return sendReply(response, sent.reply);
  const { answer } = sent;
  await relayAnswer({
    deps: state.deps,
    answer,
    response,
    auth: upstream.auth,
    tally: tallyFor(bytes),
    signal,
  });
}
