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
import { createOperations } from './operations/index.ts';
import { applyStoredKey } from './operations/settings.ts';
import { compose } from './orchestrator.ts';
import { detectSandbox } from './sandbox.ts';
import { VERSION } from './version.ts';

const MCP_AFTER_MS = 3_000;

/** Builds an orchestrator. Steps of its start are in order below; stopping undoes them in reverse. */
export async function createOrchestrator(
  config: OrchestratorConfig,
  overrides: OrchestratorOverrides = {},
): Promise<Orchestrator> {
  const parts = await compose(config, overrides);
  const { engine, scope, late } = parts;
  const mcp = lazyMcpEndpoint({ world: parts.world, callerOf: parts.tokens.callerOf });
  let stopped: Promise<void> | undefined;
  const operations = createOperations(parts, () => void stop());

  async function open(): Promise<Result<Opened, Fault>> {
    try {
      const opened = await engine.open();
      scope.defer(() => engine.stop());
      return ok(opened);
    } catch (error) {
      return err(cannotOpen(config.home, error));
    }
  }

  async function start(): Promise<Result<void, Fault>> {
    // What needs no store begins beside it: the gateway's thread, and the trial of the sandbox.
    parts.gateway.setUpstreams(parts.upstreams.forGateway());
    const sandbox = overrides.sandbox ?? overrides.ahead?.sandbox() ?? detectSandbox();
    const opened = await open();
    if (!opened.ok) {
      await parts.gateway.stop();
      return opened;
    }
    scope.defer(() => parts.gateway.stop());
    const loaded = await parts.settings.load();
    if (!loaded.ok) return loaded;
    // What an earlier start left running must be gone before anything is started again.
    await parts.launcher.reap(new Set());
    scope.defer(() => parts.launcher.close());
    late.sandbox = await sandbox;
    late.gateway = (await parts.gateway.start()).origin;
    late.mcp = await serveAgents(mcp.handle, scope);
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
    connect: createPortServer(operations),
    stop,
    async serve(options) {
      const behind = {
        operations,
        mcp: mcp.handle,
        home: config.home,
        renderer: options.renderer,
        version: VERSION,
        now: parts.clock.now,
      };
      const door = overrides.ahead?.door();
      if (door) {
        serveBehind(door, behind);
        scope.defer(() => door.close());
        return ok(door.served());
      }
      const server = createHttpServer(behind);
      const served = await server.listen(options.port);
      if (served.ok) scope.defer(() => server.close());
      return served;
    },
  };
}
