import type { Orchestrator, OrchestratorConfig, OrchestratorOverrides } from '#main/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { Opened } from '#main/ports/journal/port.ts';
import { createHttpServer, serveBehind } from '#main/server/http/index.ts';
import { lazyMcpEndpoint } from '#main/server/mcp/lazy.ts';
import { createPortServer } from '#main/server/port/index.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { serveAgents } from './agents-http.ts';
import { cannotOpen } from './cannot-open.ts';
import { resumeDemos } from './demo.ts';
import { dropLastWorld, keepLastWorld } from './last-world.ts';
import { createOperations } from './operations/index.ts';
import { onceResumed } from './operations/once-resumed.ts';
import { applyStoredKey } from './operations/settings.ts';
import { compose } from './orchestrator.ts';
import { detectSandbox } from './sandbox.ts';
import { VERSION } from './version.ts';

const MCP_AFTER_MS = 3_000;
/** A browser that has asked for the page takes a snapshot within this time, and draws it within the other. */
const LOOK_WITHIN_MS = 700;
const DRAW_MS = 200;

/** Builds an orchestrator. Steps of its start are in order below; stopping undoes them in reverse. */
export async function createOrchestrator(
  config: OrchestratorConfig,
  overrides: OrchestratorOverrides = {},
): Promise<Orchestrator> {
  const parts = await compose(config, overrides);
  const { engine, scope, late } = parts;
  const mcp = lazyMcpEndpoint({ world: parts.world, callerOf: parts.tokens.callerOf });
  let stopped: Promise<void> | undefined;
  let connect: ReturnType<typeof createPortServer> | undefined;
  const operations = createOperations(parts, () => void stop());
  const behind = { operations, mcp: mcp.handle, version: VERSION };
  const looked = Promise.withResolvers<void>();
  const resumed = Promise.withResolvers<void>();
  // Whoever waits for it hears it; without anybody it is no fault of its own.
  resumed.promise.catch(() => undefined);

  async function open(): Promise<Result<Opened, Fault>> {
    try {
      const opened = await engine.open();
      scope.defer(() => engine.stop());
      await dropLastWorld(config.home);
      return ok(opened);
    } catch (error) {
      return err(cannotOpen(config.home, error));
    }
  }

  /** What the next start shows first. Deferred early, so that nothing happens any more when it is kept. */
  async function keepWorld(): Promise<void> {
    const page = overrides.ahead?.page() ?? null;
    if (page === null) return;
    const snapshot = await operations.feed.snapshot(undefined, undefined);
    if (snapshot.ok) await keepLastWorld(config.home, page, snapshot.value);
  }

  /** Who came to the page ahead of its orchestrator is let in: the past is read, the agents are not at work yet. */
  function letIn(): void {
    const door = overrides.ahead?.door();
    if (!door) return;
    serveBehind(door, { ...behind, operations: onceResumed(operations, resumed.promise, looked.resolve) });
  }

  /** A page that is being opened has the processor for itself until it is drawn; agents begin a moment later. */
  async function letDraw(): Promise<void> {
    if (!overrides.ahead?.wasVisited() || overrides.ahead.wasDrawn()) return;
    const pause = (ms: number) => new Promise<void>((resolve) => void parts.clock.after(ms, resolve));
    await Promise.race([looked.promise.then(() => pause(DRAW_MS)), pause(LOOK_WITHIN_MS)]);
  }

  async function start(): Promise<Result<void, Fault>> {
    try {
      const started = await startAll();
      if (started.ok) resumed.resolve();
      else resumed.reject(new Error(started.error.what));
      return started;
    } catch (error) {
      resumed.reject(error);
      throw error;
    }
  }

  async function startAll(): Promise<Result<void, Fault>> {
    const beginGateway = () => parts.gateway.setUpstreams(parts.upstreams.forGateway());
    // What needs no store begins beside it, unless a page is being opened.
    if (!overrides.ahead?.wasVisited()) beginGateway();
    const opened = await open();
    if (!opened.ok) {
      await parts.gateway.stop();
      return opened;
    }
    scope.defer(() => parts.gateway.stop());
    const loaded = await parts.settings.load();
    if (!loaded.ok) return loaded;
    scope.defer(keepWorld);
    letIn();
    await letDraw();
    beginGateway();
    scope.defer(() => parts.launcher.close());
    const [found, { origin }, address] = await Promise.all([
      overrides.sandbox ?? overrides.ahead?.sandbox() ?? detectSandbox(),
      parts.gateway.start(),
      serveAgents(mcp.handle, scope),
      // What an earlier start left running must be gone before anything is started again.
      parts.launcher.reap(new Set()),
    ]);
    Object.assign(late, { sandbox: found, gateway: origin, mcp: address });
    await applyStoredKey(parts);
    scope.defer(() => parts.demo?.close());
    await resumeDemos(parts);
    await parts.budgets.settleLost();
    scope.defer(parts.runner.listen());
    scope.defer(await parts.radar.listen());
    await engine.resume();
    // Agents need it soon; whoever opens the page should not wait for it.
    scope.defer(parts.clock.after(MCP_AFTER_MS, () => void mcp.load()));
    return ok(undefined);
  }

  function stop(): Promise<void> {
    stopped ??= (async () => {
      // Runs end first, while the gateway can still settle what they have open.
      await engine.orders.stop();
      await scope.close();
      // Where the start failed, nobody stands behind it.
      await overrides.ahead?.door()?.close();
    })();
    return stopped;
  }

  return {
    start,
    operations,
    connect(port) {
      connect ??= createPortServer(operations);
      connect(port);
    },
    stop,
    async serve(options) {
      const door = overrides.ahead?.door();
      if (door) {
        // Deferred last, so that nobody comes in any more when the rest ends.
        scope.defer(() => door.close());
        return ok(door.served());
      }
      const server = createHttpServer({
        ...behind,
        home: config.home,
        renderer: options.renderer,
        now: parts.clock.now,
      });
      const served = await server.listen(options.port);
      if (served.ok) scope.defer(() => server.close());
      return served;
    },
  };
}
