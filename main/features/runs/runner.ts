import type { Performance, Report } from '#main/engine/performer.ts';
import { splitStream } from '#main/engine/streams.ts';
import { nodeOf } from '#main/features/budgets/index.ts';
import type { RoleFile } from '#main/features/crew/index.ts';
import { type GoalCommand, performGoalTimers } from '#main/features/goals/index.ts';
import { failpoint } from '#main/platform/failpoint.ts';
import type { Assignment } from '#protocol/agent/assignment.ts';
import type { AgentEvent } from '#protocol/agent/event.ts';
import type { Attempt, Goal, Run } from '#protocol/model/goal/state.ts';
import { nanosFromUsd } from '#protocol/model/money.ts';
import { assign } from './assign.ts';
import { CONTEXT_TOKENS, watchContext } from './context.ts';
import { createCourt } from './court.ts';
import { deferRun } from './deferral.ts';
import { createDoorbell, ringReplay } from './doorbell.ts';
import { activityOf, type End, endOf, interruptLive } from './ending.ts';
import { guardedRun } from './guarded.ts';
import { bringBack, keepWork } from './keep.ts';
import { createLiveRuns, type LiveRun, type LiveRuns } from './live.ts';
import type { RunnerParts } from './parts.ts';
import { roleIn } from './policy.ts';
import { type GoalSetup, goalSetup } from './setup.ts';
import { catchUp } from './wakeups.ts';
import { watchSilence } from './watchdog.ts';

/** Runs as the rest of the orchestrator uses them. */
export interface Runner {
  readonly live: LiveRuns;
  setupOf(goal: Goal): Promise<GoalSetup>;
  /** Starts listening for ends of runs, to ring for messages that were not read. The result stops it. */
  listen(): () => void;
}

/** Performs runs: one agent-host each, from its order to its report. */
export function createRunner(parts: RunnerParts): Runner {
  const { engine, goals, messages, live } = { ...parts, live: createLiveRuns() };
  /** Runs whose interrupt came before their process was up. */
  const interruptedEarly = new Set<string>();
  messages.bind(createDoorbell(goals, messages, live), createCourt(goals, parts.decisions));

  const texts = async (ids: readonly string[]) => {
    const found = await engine.payloads(ids);
    return (id: string) => found.get(id) ?? '';
  };

  async function setupOf(goal: Goal): Promise<GoalSetup> {
    const id = goal.crew?.id ?? '';
    return goalSetup.parse(JSON.parse((await texts([id]))(id)));
  }

  async function perform(performance: Performance): Promise<Report> {
    const { run: id } = performance.event.data as { run: string };
    const stream = performance.stream;
    // Ordered by an earlier start: its process is dead by now, what it did is not known. It ends even where its attempt
    // waits for something already; else the session is resumed.
    const open = goals.state(performance.subject)?.runs[id];
    if (performance.redelivered && open && open.status !== 'ended')
      return ended(stream, id, { outcome: 'lost', detail: 'AIOS was restarted.' }, null);
    const known = current(performance.subject, id);
    if (!known) return null;
    // One process an agent: its reply to a message and its work take turns.
    const inTurn = <T>(work: () => Promise<T>) =>
      parts.turns.run(`agent:${known.attempt.agent}`, () => parts.turns.run(`attempt:${known.attempt.id}`, work));
    return inTurn(async () => {
      const release = await parts.slots.take(performance.signal);
      try {
        const fresh = current(performance.subject, id);
        return fresh
          ? await runOnce(performance, fresh).catch((error: unknown) => notStarted(performance, id, error))
          : null;
      } finally {
        release();
      }
    });
  }

  /** What cannot even start counts like a crash: retried a few times, then the CEO hears of it. */
  function notStarted(performance: Performance, run: string, error: unknown): Report {
    if (performance.signal.aborted) throw error;
    const why = error instanceof Error ? error.message : String(error);
    return ended(performance.stream, run, { outcome: 'crashed', detail: `The run could not be started. ${why}` }, null);
  }

  function current(goalId: string, runId: string): { goal: Goal; run: Run; attempt: Attempt } | undefined {
    const goal = goals.state(goalId);
    const run = goal?.runs[runId];
    const attempt = run && goal?.attempts[run.attempt];
    if (!goal || !run || !attempt || run.status === 'ended' || attempt.runs.at(-1) !== runId) return undefined;
    return ['queued', 'running', 'unknown'].includes(attempt.status) ? { goal, run, attempt } : undefined;
  }

  function ended(stream: string, run: string, end: End & { full?: boolean }, usage: Run['usage']): Report {
    const { outcome, detail, full = false } = end;
    const command: GoalCommand = { type: 'run-ended', run, outcome, detail, usage, full };
    return { stream, command };
  }

  async function runOnce(performance: Performance, known: { goal: Goal; run: Run; attempt: Attempt }): Promise<Report> {
    const { goal, run, attempt } = known;
    await bringBack(parts, known, performance.signal);
    if (run.reason === 'task-done') await parts.syncWorkspace(goal, attempt);
    const setup = await setupOf(goal);
    await openBudget(goal, attempt, setup);
    const kind = goal.tasks[attempt.task]?.kind ?? 'work';
    const role = roleIn(kind, setup.crew.roles[goal.agents[attempt.agent]?.role ?? '']);
    const caller = {
      goal: goal.id,
      agent: attempt.agent,
      attempt: attempt.id,
      run: run.id,
      allowed: new Set(role?.aiosTools ?? []),
    };
    const token = parts.tokens.issue(caller);
    parts.gateway.admit({ run: run.id, token, upstream: goal.upstream });
    try {
      const assignment = await assign(parts, known, { setup, token }, performance);
      return await host(performance, known, assignment, role?.caps ?? {});
    } finally {
      parts.gateway.revoke(token);
      parts.tokens.revoke(run.id);
      await parts.transcripts.close(run.id);
      live.remove(run.id);
    }
  }

  async function openBudget(goal: Goal, attempt: Attempt, setup: GoalSetup): Promise<void> {
    const role = setup.crew.roles[goal.agents[attempt.agent]?.role ?? ''];
    const runCap = role?.caps.usd === undefined ? goal.limits.runNanos : nanosFromUsd(role.caps.usd);
    await parts.budgets.open([
      { node: nodeOf.company(goal.ledger), kind: 'company', cap: null },
      { node: nodeOf.project(goal.ledger, goal.project), kind: 'project', cap: null },
      { node: nodeOf.goal(goal.id), kind: 'goal', cap: goal.limits.goalNanos },
      { node: nodeOf.task(attempt.task), kind: 'task', cap: null },
      { node: nodeOf.run(attempt.id), kind: 'run', cap: runCap },
    ]);
  }

  async function host(
    performance: Performance,
    { goal, run, attempt }: { goal: Goal; run: Run; attempt: Attempt },
    assignment: Assignment,
    { minutes, contextTokens = CONTEXT_TOKENS }: Partial<RoleFile['caps']>,
  ): Promise<Report> {
    let end: End | undefined;
    let usage: Run['usage'] = null;
    const pending: Array<Promise<unknown>> = [];
    /** Interrupted by us, between two calls, because its session is nearly full. */
    let cutShort = false;
    const context = watchContext(contextTokens, () => {
      // Somebody else's interrupt means something of its own.
      if (entry.interrupted) return;
      cutShort = true;
      interruptLive(entry);
    });
    const stop = () => launched.send({ type: 'stop' });
    const onEvent = (sequence: number, event: AgentEvent) => {
      entry.progressAt = parts.now();
      entry.activity = activityOf(event, attempt.workspace) ?? entry.activity;
      parts.transcripts.append({ run: run.id, sequence, at: parts.now(), event });
      guard.see(event);
      context.heard(event);
      if (event.type === 'started') {
        sessionFiles.push(...event.sessionFiles);
        if (assignment.prompt === undefined) ringReplay(entry, messages);
      }
      if (event.type === 'usage') usage = event.usage;
      if (event.type === 'deferred')
        pending.push(deferRun({ goals, world: parts.world, goal: goal.id, run, attempt }, event.call));
      const ending = endOf(event);
      if (ending && !end) {
        end = ending;
        entry.over = true;
        stop();
      }
    };
    const sessionFiles: string[] = [];
    let hung = false;
    const watchdog = watchSilence(parts.after, () => {
      hung = true;
      void launched.kill();
    });
    const launched = await parts.launcher.launch({
      run: run.id,
      onMessage: (message) => {
        if (message.type === 'ready') launched.send({ type: 'start', assignment });
        entry.aliveAt = parts.now();
        watchdog.heard();
        if (message.type === 'event' && message.run === run.id) onEvent(message.sequence, message.event);
      },
      onGarbage: () => undefined,
    });
    const entry: LiveRun = {
      run: run.id,
      goal: goal.id,
      agent: attempt.agent,
      attempt: attempt.id,
      host: launched,
      startedAt: parts.now(),
      aliveAt: parts.now(),
      progressAt: parts.now(),
      activity: 'starting',
      interrupted: false,
      over: false,
    };
    const guard = parts.guards.begin(guardedRun(entry, assignment));
    live.add(entry);
    if (interruptedEarly.delete(run.id)) interruptLive(entry);
    failpoint('host-launched');
    const onAbort = () => void launched.kill();
    performance.signal.addEventListener('abort', onAbort, { once: true });
    const started = await goals.execute(
      goal.id,
      { type: 'run-started', run: run.id, ...(minutes === undefined ? {} : { minutes }) },
      { id: `${performance.id}:started` },
    );
    // Cancelled while its process was starting: what it would do is not taken any more.
    if (!started.ok) void launched.kill();
    const exit = await launched.exited;
    watchdog.stop();
    guard.end();
    performance.signal.removeEventListener('abort', onAbort);
    live.remove(run.id);
    await Promise.allSettled(pending);
    const fallback: End = entry.interrupted
      ? { outcome: 'interrupted', detail: '' }
      : {
          outcome: 'crashed',
          detail: `The agent's process ${hung ? 'hung and was ended' : 'ended'} (${exit.signal ?? exit.code}). ${exit.stderr.slice(-2_000)}`,
        };
    await keepWork(parts, { goal, run, attempt }, sessionFiles);
    const how = end ?? fallback;
    const filled = cutShort && how.outcome === 'interrupted';
    const told: End = filled ? { outcome: 'context-full', detail: '' } : how;
    return ended(performance.stream, run.id, { ...told, full: context.full() }, usage);
  }

  performGoalTimers(engine);
  engine.perform('run.perform', perform);
  engine.perform('run.interrupt', async (performance) => {
    const { run } = performance.event.data as { run: string };
    const entry = live.get(run);
    if (entry) interruptLive(entry);
    else if (goals.state(performance.subject)?.runs[run]?.status === 'ordered') interruptedEarly.add(run);
    return null;
  });

  function listen(): () => void {
    const stop = engine.feed.watch(engine.feed.sequence(), (events) => {
      for (const event of events) {
        if (event.type !== 'run.ended') continue;
        const { id } = splitStream(event.stream);
        const goal = goals.state(id);
        const agent = goal?.runs[(event.data as { run: string }).run]?.agent;
        if (goal && agent !== undefined) void catchUp(goal, agent, goals, messages);
      }
    });
    for (const goal of goals.ids().flatMap((id) => goals.state(id) ?? [])) {
      for (const agent of Object.keys(goal.agents)) void catchUp(goal, agent, goals, messages);
    }
    return stop ?? (() => undefined);
  }

  return { live, setupOf, listen };
}
