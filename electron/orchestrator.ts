import {
  createOrchestrator,
  type DemoCrew,
  type ForkHost,
  type Orchestrator,
  type Result,
  readConfiguration,
  type SecretStore,
} from '#main/index.ts';
import type { Fault } from '#protocol/model/fault.ts';

/** What the shell's orchestrator is made of. */
export interface OrchestratorParts {
  readonly home: string;
  readonly resources: string;
  /** The built page, served to browsers too. */
  readonly renderer: string;
  /** No agent starts: for looking at what went wrong. */
  readonly safe: boolean;
  readonly secrets: SecretStore;
  readonly demo: DemoCrew;
  readonly forkHost: ForkHost;
}

/** Starts the orchestrator of this process and serves it on loopback, so that the command line can attach. */
export async function startOrchestrator(parts: OrchestratorParts): Promise<Result<Orchestrator, Fault>> {
  const { home, resources, renderer, safe, secrets, demo, forkHost } = parts;
  const configured = await readConfiguration(home, process.env);
  if (!configured.ok) return configured;
  const { upstreams, executable, port } = configured.value;
  const orchestrator = await createOrchestrator(
    { home, upstreams, executable, agentCap: safe ? 0 : null, resources },
    { secrets, demo, forkHost },
  );
  const started = await orchestrator.start();
  const served = started.ok ? await orchestrator.serve({ port, renderer }) : started;
  if (served.ok) return { ok: true, value: orchestrator };
  await orchestrator.stop();
  return served;
}
