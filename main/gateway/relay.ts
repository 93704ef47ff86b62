import type { CallUsage } from '#main/ports/call-authority/port.ts';
import type { AgentResponse } from './agent-response.ts';
import type { EndSignal } from './end-signal.ts';
import { returnedHeaders, withoutKey } from './headers.ts';
import { cutEvent, ending, sendReply } from './replies.ts';
import { createStreamWatch } from './stream-watch.ts';
import type { GatewayDeps, UpstreamAuth } from './types.ts';
import type { UpstreamAnswer } from './upstream-answer.ts';
import type { UsageTally } from './usage-tally.ts';

/** How relaying an answer ended. */
export interface Relayed {
  readonly status: 'completed' | 'cut' | 'cancelled' | 'failed';
  /** Final usage; null when it never came or cannot be true. */
  readonly usage: CallUsage | null;
}

/** An answer on its way to the agent. */
export interface Relay {
  readonly deps: GatewayDeps;
  readonly answer: UpstreamAnswer;
  readonly response: AgentResponse;
  readonly auth: UpstreamAuth;
  readonly tally: UsageTally;
  /** Aborts when the agent went away or its run was revoked. */
  readonly signal: EndSignal;
}

/** Bytes after which a stream without a finished event counts as moving. */
const MOVING_BYTES = 4096;
/** An answer is over with its last event; its connection is kept for the next call if it ends within this. */
const REST_MS = 5_000;
const REST_BYTES = 64 * 1024;

/** Reads what may still follow an answer that is whole, so that the connection can be used again. */
function dropRest({ deps, answer }: Relay): void {
  if (answer.complete) return;
  let bytes = 0;
  const stop = () => answer.destroy();
  const cancelTimer = deps.clock.after(REST_MS, stop);
  answer.read({
    onData(piece) {
      bytes += piece.length;
      if (bytes > REST_BYTES) stop();
    },
    onEnd: cancelTimer,
    onBroken: cancelTimer,
  });
  answer.resume();
}

/** Calls `onIdle` once when neither of two kinds of progress came in time. */
function watchIdle({ deps }: Relay, paused: () => boolean, onIdle: (cause: string) => void) {
  const { clock, limits } = deps;
  let bytesAt = clock.monotonic();
  let contentAt = bytesAt;
  let cancel: () => void = () => undefined;
  const check = () => {
    const now = clock.monotonic();
    if (paused()) bytesAt = contentAt = now;
    const left = Math.min(bytesAt + limits.idleMs - now, contentAt + limits.contentIdleMs - now);
    if (left <= 0) onIdle('the model server fell silent');
    else cancel = clock.after(left, check);
  };
  check();
  const cancelTotal = clock.after(limits.totalMs, () => onIdle('the call took too long'));
  return {
    moved(content: boolean) {
      bytesAt = clock.monotonic();
      if (content) contentAt = bytesAt;
    },
    stop() {
      cancel();
      cancelTotal();
    },
  };
}

/**
 * Streams an answer to the agent, event by event and unchanged, while its usage is read, until it says that it is whole
 * (nothing an upstream sends after that is part of the answer). A stream that is cut ends with
 * an `error` event: Claude Code then drops the partial answer and repeats the call once without streaming, where a broken
 * connection would start ten repeats over minutes.
 */
export function relayStream(relay: Relay): Promise<Relayed> {
  const { deps, answer, response, tally, signal } = relay;
  const watch = createStreamWatch(tally);
  let tail: Buffer[] = [];
  let bytes = 0;
  let content = 0;
  let contentBytes = 0;
  response.writeHead(answer.status, returnedHeaders(answer.fields, null));

  return new Promise((resolve) => {
    let over = false;
    const finish = (cause: string) => {
      if (over) return;
      over = true;
      idle?.stop();
      signal.offAbort(cancelled);
      watch.end();
      const facts = watch.facts();
      const usage = facts.final ? tally.result() : null;
      if (facts.stopped) {
        for (const piece of tail) response.write(piece);
        response.end();
      } else if (signal.aborted) response.destroy();
      else response.end(facts.error === null ? cutEvent(`the answer was cut: ${cause}`) : undefined);
      if (facts.stopped) dropRest(relay);
      else answer.destroy();
      resolve({ status: facts.stopped ? 'completed' : signal.aborted ? 'cancelled' : 'cut', usage });
    };
    const cancelled = () => finish('the call was ended here');
    let idle: ReturnType<typeof watchIdle> | undefined;

    const send = (chunk: Buffer, boundary: number) => {
      if (boundary === 0) {
        tail.push(chunk);
        return;
      }
      let flowing = true;
      for (const piece of tail) flowing = response.write(piece);
      tail = boundary < chunk.length ? [chunk.subarray(boundary)] : [];
      flowing = response.write(boundary < chunk.length ? chunk.subarray(0, boundary) : chunk);
      if (!flowing) answer.pause();
    };
    const take = (chunk: Buffer) => {
      if (over) return;
      bytes += chunk.length;
      contentBytes += chunk.length;
      send(chunk, watch.push(chunk));
      const { contentEvents: events, stopped } = watch.facts();
      if (stopped) return finish('it is whole');
      const moved = events > content || contentBytes > MOVING_BYTES;
      if (moved) contentBytes = 0;
      content = events;
      idle?.moved(moved);
      if (bytes > deps.limits.responseBytes) finish('it exceeds the size limit');
      else response.flush();
    };
    response.onDrain(() => answer.resume());
    if (signal.aborted) return cancelled();
    answer.read({
      onData: take,
      onEnd: () => finish('the model server ended it early'),
      onBroken: () => finish('the connection to the model server broke'),
    });
    if (over) return;
    response.flush();
    idle = watchIdle(relay, () => answer.paused, finish);
    signal.onAbort(cancelled);
  });
}

function readWhole({ deps, answer, signal }: Relay): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let size = 0;
    const finish = (body: Buffer | null) => {
      cancelTimer();
      signal.offAbort(stop);
      answer.destroy();
      resolve(body);
    };
    const stop = () => finish(null);
    const cancelTimer = deps.clock.after(deps.limits.totalMs, stop);
    signal.onAbort(stop);
    if (signal.aborted) return stop();
    answer.read({
      onData(piece) {
        size += piece.length;
        if (size > deps.limits.responseBytes) stop();
        else pieces.push(piece);
      },
      onEnd: () => finish(Buffer.concat(pieces)),
      onBroken: stop,
    });
  });
}

function usageIn(body: Buffer): unknown {
  try {
    const answer: unknown = JSON.parse(body.toString('utf8'));
    return typeof answer === 'object' && answer !== null && 'usage' in answer ? answer.usage : null;
  } catch {
    return null;
  }
}

/** Relays an answer that is one document, only once it is whole, so that a cut one is never taken for an answer. */
export async function relayWhole(relay: Relay): Promise<Relayed> {
  const { answer, response, tally, signal } = relay;
  const body = await readWhole(relay);
  if (signal.aborted) {
    response.destroy();
    return { status: 'cancelled', usage: null };
  }
  if (!body) {
    sendReply(response, ending('aios_upstream_cut', 'the answer of the model server was cut'));
    return { status: 'cut', usage: null };
  }
  const { status } = answer;
  const sent = status < 400 ? body : withoutKey(body, relay.auth);
  response.writeHead(status, returnedHeaders(answer.fields, sent.length));
  response.end(sent);
  if (status >= 400) return { status: 'failed', usage: null };
  tally.add(usageIn(body));
  return { status: 'completed', usage: tally.result() };
}

/** Relays an answer in the form it has. */
export function relayAnswer(relay: Relay): Promise<Relayed> {
  const stream = (relay.answer.fields.get('content-type') ?? '').startsWith('text/event-stream');
  return stream ? relayStream(relay) : relayWhole(relay);
}
