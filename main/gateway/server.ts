import net from 'node:net';
import { type AgentConnection, type AgentRequest, serveConnection } from './agent-connection.ts';
import type { AgentResponse } from './agent-response.ts';
import { createRopeReader } from './byte-rope.ts';
import { handleFree, handleMessages, type IncomingCall, threadOf } from './call.ts';
import { createEndSource, type EndSignal } from './end-signal.ts';
import { isReply, type Route, routeOf } from './guard.ts';
import { ending, sendReply } from './replies.ts';
import type { AdmittedRun } from './run-registry.ts';
import { createGatewayState, type GatewayState } from './state.ts';
import type { GatewayDeps, GatewayStats, RunAdmission, Upstream } from './types.ts';

/** The gateway in this thread; `createGateway` runs one in a thread of its own. */
export interface GatewayServer {
  start(): Promise<{ readonly origin: string }>;
  /** Ends every call, waits until each is settled, and closes. */
  stop(): Promise<void>;
  setUpstreams(upstreams: readonly Upstream[]): void;
  admit(admission: RunAdmission): void;
  revoke(token: string): void;
  hold(run: string): void;
  release(run: string): void;
  /** Gives back what is reserved ahead and used by no call. */
  reclaim(): Promise<void>;
  stats(): GatewayStats;
}

/** One signal for everything that ends a call: the agent went away, its run was revoked, the gateway stops. */
function endOf(response: AgentResponse, run: AdmittedRun, stopping: EndSignal) {
  const end = createEndSource();
  const { abort } = end;
  run.revoked.onAbort(abort);
  stopping.onAbort(abort);
  response.onGone(abort);
  if (run.revoked.aborted || stopping.aborted) abort();
  return {
    signal: end,
    release() {
      run.revoked.offAbort(abort);
      stopping.offAbort(abort);
      response.onGone(() => undefined);
    },
  };
}

/** What the calls of one connection share. */
interface Shared {
  readonly state: GatewayState;
  readonly stopping: EndSignal;
  readonly find: (token: string) => AdmittedRun | undefined;
}

async function answer(
  { state, stopping, find }: Shared,
  request: AgentRequest,
  response: AgentResponse,
): Promise<void> {
  const route = routeOf(request, state.deps.limits);
  if (isReply(route)) {
    sendReply(response, route);
    return;
  }
  const run = find(route.token);
  if (!run) {
    sendReply(response, ending('billing_error', 'this run is over: its token is no longer valid'));
    return;
  }
  if (route.kind === 'probe') {
    response.writeHead(200, new Map([['content-length', '0']]));
    response.end();
    return;
  }
  const upstream = state.upstreams.get(run.upstream);
  if (!upstream) {
    sendReply(response, ending('aios_upstream_unavailable', 'no model server is set up'));
    return;
  }
  return call(state, stopping, { route, run, upstream, request, response });
}

interface Accepted {
  readonly route: Route;
  readonly run: AdmittedRun;
  readonly upstream: Upstream;
  readonly request: AgentRequest;
  readonly response: AgentResponse;
}

async function call(state: GatewayState, stopping: EndSignal, accepted: Accepted): Promise<void> {
  const { request, response, run, route } = accepted;
  const end = endOf(response, run, stopping);
  state.counts.began();
  try {
    const before = route.kind === 'messages' ? state.memory.last(run.run, threadOf(request)) : undefined;
    const { framing } = request;
    const expected = framing.kind === 'length' ? Math.min(framing.bytes, state.deps.limits.bodyBytes) : 0;
    const reader = createRopeReader(before?.bytes, expected);
    const read = await request.readBody(state.deps.limits.bodyBytes, reader.push);
    if (read === 'gone' || end.signal.aborted) {
      response.destroy();
      return;
    }
    if (read === 'too large') {
      sendReply(response, { status: 413, type: 'request_too_large', message: 'the request is too large' });
      return;
    }
    const incoming: IncomingCall = { ...accepted, ...reader.result(), before, state, signal: end.signal };
    await (route.kind === 'messages' ? handleMessages(incoming) : handleFree(incoming));
  } finally {
    end.release();
    state.counts.ended();
  }
}

/** Longest time a connection of an agent is kept between two calls. */
const IDLE_MS = 60_000;
/** How often it is looked for connections that wait for too long. */
const SWEEP_MS = 5000;

/** Builds the gateway's HTTP server. */
export function createGatewayServer(deps: GatewayDeps): GatewayServer {
  const state = createGatewayState(deps);
  const stopping = createEndSource();
  const active = new Set<Promise<void>>();
  const { limits } = deps;
  const connections = new Set<AgentConnection>();
  const serve = (shared: Shared, request: AgentRequest, response: AgentResponse) => {
    const work = answer(shared, request, response)
      .catch((error: unknown) => {
        deps.onFault(`a call failed: ${error instanceof Error ? error.message : 'unknown'}`);
        response.destroy();
      })
      .finally(() => active.delete(work));
    active.add(work);
  };
  const server = net.createServer({ noDelay: true, pauseOnConnect: true }, (socket) => {
    const shared = { state, stopping, find: state.runs.finder() };
    const connection = serveConnection(socket, {
      headBytes: limits.headerBytes,
      headMs: Math.min(limits.requestMs, 15_000),
      requestMs: limits.requestMs,
      idleMs: IDLE_MS,
      onCall: (request, response) => serve(shared, request, response),
      onClose: () => connections.delete(connection),
    });
    connections.add(connection);
  });
  const sweepMs = Math.min(limits.requestMs, SWEEP_MS);
  const sweeps = setInterval(() => {
    for (const connection of connections) connection.sweep(sweepMs);
  }, sweepMs).unref();
  return {
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, '127.0.0.1', () => {
          const address = server.address();
          if (address === null || typeof address === 'string') reject(new Error('no port'));
          else resolve({ origin: `http://127.0.0.1:${address.port}` });
        });
      }),
    async stop() {
      stopping.abort();
      await Promise.allSettled(active);
      await state.aheads.giveBack();
      const closed = new Promise((resolve) => server.close(resolve));
      for (const connection of connections) connection.destroy();
      clearInterval(sweeps);
      await closed;
      state.pool.close();
    },
    setUpstreams(upstreams) {
      state.upstreams.clear();
      for (const upstream of upstreams) state.upstreams.set(upstream.id, upstream);
    },
    admit: (admission) => state.runs.admit(admission),
    revoke(token) {
      const run = state.runs.revoke(token);
      if (run === undefined) return;
      state.memory.forget(run);
      void state.aheads.giveBack(run);
    },
    hold: (run) => state.runs.hold(run),
    release: (run) => state.runs.release(run),
    reclaim: () => state.aheads.giveBack(),
    stats: () => state.counts.stats(),
  };
}
