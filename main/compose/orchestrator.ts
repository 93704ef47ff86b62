import { mkdir } from 'node:fs/promises';
import { freemem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { forkLauncher } from '#main/adapters/embedded/agent-launcher/index.ts';
import { DATA_MARKER, dataMark } from '#main/adapters/embedded/agent-launcher/markers.ts';
import { createSqliteJournal } from '#main/adapters/embedded/journal/index.ts';
import { createFileObjectStore } from '#main/adapters/embedded/object-store/index.ts';
import { createFileSecrets } from '#main/adapters/embedded/secrets/index.ts';
import { nativeTerminals } from '#main/adapters/embedded/terminal/index.ts';
import { createEngine } from '#main/engine/engine.ts';
import { createBudgets, nodeOf } from '#main/features/budgets/index.ts';
import { createRadar, performCollisions } from '#main/features/collisions/index.ts';
import { createDecisions } from '#main/features/decisions/index.ts';
import { goalArea } from '#main/features/goals/index.ts';
import { createExchanges, createGuards } from '#main/features/guards/index.ts';
import { createSaves, handOver } from '#main/features/handoff/index.ts';
import { layoutArea } from '#main/features/layout/index.ts';
import { check, createCommandRunner, performMerges, placesIn, syncWorkspace } from '#main/features/merges/index.ts';
import { createMessages } from '#main/features/messages/index.ts';
import { performPlanFiles } from '#main/features/plans/index.ts';
import { locateRepository, projectArea } from '#main/features/projects/index.ts';
import { createApps, performRejects } from '#main/features/review/index.ts';
import {
  createRunner,
  createRunTokens,
  createSlots,
  createTranscripts,
  machineCap,
} from '#main/features/runs/index.ts';
import { createSettings } from '#main/features/settings/index.ts';
import { createTerminals } from '#main/features/terminals/index.ts';
import type { ToolWorld } from '#main/features/tools/index.ts';
import { createGateway } from '#main/gateway/index.ts';
import type { OrchestratorConfig, OrchestratorOverrides } from '#main/index.ts';
import { systemClock } from '#main/platform/clock.ts';
import { systemIds } from '#main/platform/ids.ts';
import { keyedMutex } from '#main/platform/keyed-mutex.ts';
import { createLoopDelay } from '#main/platform/loop-delay.ts';
import { err, ok } from '#main/platform/result.ts';
import { createScope } from '#main/platform/scope.ts';
import type { CallAuthority } from '#main/ports/call-authority/port.ts';
import { faultOf } from '#protocol/model/fault.ts';
import { FOLDERS } from './folders.ts';
import type { Parts } from './parts.ts';
import { createProblems } from './problems.ts';
import { toolchains } from './sandbox.ts';
import { COMMAND_MINUTES, RADAR_BYTES } from './settings.ts';
import { createUpstreams } from './upstreams.ts';

/** Answers that are only known once the start has come that far. */
export interface Late {
  gateway: string;
  mcp: string;
  sandbox: 'bubblewrap' | 'seatbelt' | 'none';
}

const HOST_ENTRY = fileURLToPath(new URL('../../agent-host/index.ts', import.meta.url));

/** Wires everything; nothing is opened or started yet. */
export async function compose(
  config: OrchestratorConfig,
  overrides: OrchestratorOverrides,
): Promise<Parts & { late: Late }> {
  const clock = overrides.clock ?? systemClock();
  const newId = overrides.newId ?? systemIds(clock.now);
  const problems = createProblems((text) => process.stderr.write(process.env['AIOS_DEBUG'] ? `aios: ${text}\n` : ''));
  const scope = createScope((error) => problems.report(String(error)));
  await mkdir(config.home, { recursive: true, mode: 0o700 });
  const late: Late = { gateway: '', mcp: '', sandbox: 'none' };

  const journal = overrides.ahead?.journal ?? createSqliteJournal(join(config.home, FOLDERS.journal));
  const engine = createEngine({
    journal,
    clock,
    newId,
    report: problems.report,
  });
  const goals = engine.register(goalArea);
  const projects = engine.register(projectArea);
  const layouts = engine.register(layoutArea);
  const budgets = createBudgets(engine, () => gateway.reclaim());
  const guards = createGuards({
    goals,
    after: clock.after,
    newId,
    report: problems.report,
    ...(overrides.silentMinutes === undefined ? {} : { silentMinutes: overrides.silentMinutes }),
  });
  const messages = createMessages(engine, clock.now, newId, createExchanges(guards.notice));
  const decisions = createDecisions(engine);
  const objects = createFileObjectStore(join(config.home, FOLDERS.objects), clock.now);
  const fork = overrides.forkHost === undefined ? {} : { fork: overrides.forkHost };
  const launcher = overrides.launcher ?? forkLauncher({ hostEntry: HOST_ENTRY, dataFolder: config.home, ...fork });
  const tokens = createRunTokens();
  const transcripts = createTranscripts(join(config.home, FOLDERS.transcripts));
  const settings = createSettings(config.home, { 'model.baseUrl': process.env['ANTHROPIC_BASE_URL'] });
  const secrets = overrides.secrets ?? createFileSecrets(join(config.home, FOLDERS.secrets));
  // A cap given for this start wins: asking about a goal must not run it.
  const loopDelay = createLoopDelay();
  const placesHere = () => config.agentCap ?? (Number(settings.value('machine.agents')) || machineCap());
  const slots = createSlots(placesHere, loopDelay.watch);
  const turns = keyedMutex();
  const places = placesIn(config.home);
  const upstreams = createUpstreams(config.upstreams);
  const texts = (ids: readonly string[]) => engine.payloads(ids);
  const textOf = async (id: string) => (await texts([id])).get(id) ?? '';
  const world: ToolWorld = {
    goals,
    messages,
    decisions,
    objects,
    texts,
    newId,
    now: clock.now,
    transcript: transcripts.read,
    crewOf: async (goal) => (await runner.setupOf(goal)).crew,
  };

  const authority: CallAuthority = {
    async reserve(request) {
      const caller = tokens.byRun(request.run);
      if (!caller) return { kind: 'refused', reason: 'The run is over.' };
      const run = { node: nodeOf.run(caller.attempt), agent: caller.agent };
      const grant = await budgets.reserve(request, run);
      if (grant.kind === 'granted') guards.calling(request.run, 1);
      return grant;
    },
    async settle(outcome) {
      const caller = tokens.byRun(outcome.run);
      guards.calling(outcome.run, -1);
      const run = caller && { node: nodeOf.run(caller.attempt), agent: caller.agent };
      const next = await budgets.settle(outcome, run);
      if (!caller || outcome.status !== 'completed') return next;
      const { call, messagesSeen } = outcome;
      await messages.acknowledge(caller.goal, caller.agent, outcome.run, call, messagesSeen).catch(async (error) => {
        if (next) await budgets.release([next.call]);
        throw error;
      });
      return next;
    },
    began: (run) => guards.calling(run, 1),
    release: budgets.release,
  };
  const gateway = createGateway({
    authority,
    prices: join(config.resources, 'prices', 'anthropic.yaml'),
    ...(overrides.gatewayLimits === undefined ? {} : { limits: overrides.gatewayLimits }),
    ...(overrides.ahead === undefined ? {} : { spare: overrides.ahead.gateway }),
    onUpstream: upstreams.heard,
    onFault: problems.report,
    onExit: (cause) => problems.report(`the model gateway ended: ${cause}`),
  });

  const runner = createRunner({
    engine,
    goals,
    messages,
    budgets,
    decisions,
    world,
    launcher,
    tokens,
    transcripts,
    slots,
    turns,
    guards,
    now: clock.now,
    after: clock.after,
    homes: join(config.home, FOLDERS.homes),
    gateway: { origin: () => late.gateway, admit: gateway.admit, revoke: gateway.revoke },
    mcpUrl: () => late.mcp,
    workspaceOf: places.workspaceOf,
    saves: { save: (...of) => saves.save(...of), restore: (...of) => saves.restore(...of) },
    report: problems.report,
    sandboxFor: (_attempt, goal) => ({
      kind: late.sandbox,
      readable: [join(places.hubOf(goal.project), 'objects'), ...toolchains()],
    }),
    async syncWorkspace(goal, attempt) {
      const title = await textOf(goal.tasks[attempt.task]?.title.id ?? '');
      const setup = await runner.setupOf(goal);
      await syncWorkspace({ workspace: places.workspaceOf(goal, attempt), goal, attempt, setup, title });
    },
  });
  const commands = createCommandRunner({
    home: config.home,
    marks: { [DATA_MARKER]: dataMark(config.home) },
    readable: [join(config.home, 'hubs'), config.resources, dirname(process.execPath), ...toolchains()],
    sandbox: () => late.sandbox,
  });
  performMerges(engine, {
    home: config.home,
    goals,
    places,
    turns,
    commands,
    setupOf: runner.setupOf,
    textOf,
    expectRun(goal, attempt) {
      const driver = goal.agents[attempt.agent]?.driver;
      if (driver !== undefined && slots.free()) launcher.expect(driver);
    },
    repositoryOf: locateRepository,
  });
  const planFiles = performPlanFiles(engine, { goals, places, turns, setupOf: runner.setupOf });
  const { setupOf } = runner;
  const saves = createSaves({
    objects,
    homes: join(config.home, FOLDERS.homes),
    workspaceOf: places.workspaceOf,
    setupOf,
    async prepare(goal, attempt, signal) {
      const setup = { ...(await setupOf(goal)).commands, verify: null };
      const key = `restore:${attempt.id}`;
      const made = await check(commands, setup, { cwd: places.workspaceOf(goal, attempt).path, key, signal });
      if (made.passed) return ok(undefined);
      return err(faultOf('set-up-failed', 'The restored workspace could not be set up.', made.output, 'Try again.'));
    },
  });
  const handoffs = {
    goals,
    turns,
    messages,
    transcripts,
    setupOf,
    texts,
    workspaceOf: places.workspaceOf,
    sources: [],
  };
  engine.perform('attempt.hand-over', handOver(handoffs));
  performCollisions(engine, { goals, messages, texts });
  const radar = createRadar({
    goals,
    places,
    texts,
    feed: engine.feed,
    clock,
    folder: join(config.home, FOLDERS.radar),
    transcripts,
    attemptOf: tokens.byRun,
    room: () => freemem() > RADAR_BYTES,
    report: problems.report,
  });
  performRejects(engine, { goals, places, turns, setupOf: runner.setupOf, textOf });
  const apps = createApps({ commands, newId, after: clock.after });
  const terminals = createTerminals({ opener: nativeTerminals(), newId, after: clock.after, env: process.env });
  // Its folder goes with the attempt.
  engine.feed.watch(0, (events) => {
    const over = events.flatMap((event) =>
      event.type === 'attempt.ended' ? [(event.data as { attempt: string }).attempt] : [],
    );
    for (const app of apps.list()) if (app.attempt !== null && over.includes(app.attempt)) void apps.stop(app.id);
  });
  scope.defer(() => apps.close());
  scope.defer(() => terminals.closeAll());

  return {
    config,
    clock,
    newId,
    scope,
    engine,
    journal,
    commands,
    apps,
    terminals,
    goals,
    planFiles,
    layouts,
    projects,
    budgets,
    messages,
    decisions,
    launcher,
    gateway,
    runner,
    radar,
    tokens,
    transcripts,
    slots,
    loopDelay,
    world,
    places,
    problems,
    upstreams,
    settings,
    secrets,
    configuredKey: upstreams.config('default')?.key ?? null,
    demo: overrides.demo ?? null,
    startedAt: clock.now(),
    late,
    commandMinutes: overrides.commandMinutes ?? COMMAND_MINUTES,
  };
}
