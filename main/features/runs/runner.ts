import type { Performance, Report } from '#main/engine/performer.ts';
import { splitStream } from '#main/engine/streams.ts';
import { nodeOf } from '#main/features/budgets/index.ts';
import { type GoalCommand, performGoalTimers } from '#main/features/goals/index.ts';
import { failpoint } from '#main/platform/failpoint.ts';
import type { Assignment } from '#protocol/agent/assignment.ts';
import type { AgentEvent } from '#protocol/agent/event.ts';
import type { Attempt, Goal, Run } from '#protocol/model/goal/state.ts';
import { nanosFromUsd } from '#protocol/model/money.ts';
import { composeAssignment } from './assignment.ts';
import { deferRun } from './deferral.ts';
import { createDoorbell } from './doorbell.ts';
import { activityOf, type End, endOf, interruptLive } from './ending.ts';
import { guardedRun } from './guarded.ts';
import { createLiveRuns, type LiveRun, type LiveRuns } from './live.ts';
import type { RunnerParts } from './parts.ts';
import { roleIn } from './policy.ts';
import { composePrompt } from './prompt.ts';
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
  messages.bind(createDoorbell(goals, messages, live));

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
    const known = current(performance.subject, id);
    if (!known) return null;
    // Ordered by an earlier start: its process is dead by now, what it did is not known. The session is resumed.
    if (performance.redelivered) return ended(stream, id, { outcome: 'lost', detail: 'AIOS was restarted.' }, null);
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

  function ended(stream: string, run: string, end: End, usage: Run['usage']): Report {
    const command: GoalCommand = { type: 'run-ended', run, outcome: end.outcome, detail: end.detail, usage };
    return { stream, command };
  }

  async function runOnce(performance: Performance, known: { goal: Goal; run: Run; attempt: Attempt }): Promise<Report> {
    const { goal, run, attempt } = known;
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
      const assignment = await assign(known, setup, token, performance);
      return await host(performance, known, assignment, role?.caps.minutes);
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

  async function assign(
    { goal, run, attempt }: { goal: Goal; run: Run; attempt: Attempt },
    setup: GoalSetup,
    token: string,
    performance: Performance,
  ): Promise<Assignment> {
    const agent = goal.agents[attempt.agent];
    const task = goal.tasks[attempt.task];
    const role = roleIn(task?.kind ?? 'work', setup.crew.roles[agent?.role ?? '']);
    if (!agent || !role || !task) throw new Error(`run ${run.id} has no agent, role or task`);
    const ordered = performance.event.data as {
      about: Array<{ id: string }>;
      resolved: Array<{ toolUseId: string; decision: 'allow' | 'deny'; reason: { id: string } | null }>;
    };
    const remembered = [...(goal.remembered[agent.id] ?? []), ...attempt.allowed];
    const text = await texts([
      ...ordered.about.map((ref) => ref.id),
      ...ordered.resolved.flatMap((each) => each.reason?.id ?? []),
      ...remembered.map((ref) => ref.id),
      task.title.id,
      task.brief.id,
      ...(task.spec?.checks ?? []).map((ref) => ref.id),
      task.spec?.done?.id ?? '',
      goal.text?.id ?? '',
    ]);
    const unread = messages
      .inboxOf(goal.id, agent.id)
      .filter((message) => message.readBy[agent.id] === undefined).length;
    return composeAssignment({
      goal,
      run,
      attempt,
      agent,
      role,
      setup,
      prompt: composePrompt({
        reason: run.reason,
        resume: run.resume,
        kind: task.kind,
        title: text(task.title.id),
        brief: task.brief.id === task.title.id ? '' : text(task.brief.id),
        goal: text(goal.text?.id ?? ''),
        done: task.spec?.done === undefined ? '' : text(task.spec.done.id),
        checks: (task.spec?.checks ?? []).map((ref) => text(ref.id)),
        about: ordered.about.map((ref) => text(ref.id)),
        replays: ordered.resolved.length > 0,
        unread,
      }),
      resolved: ordered.resolved.map((each) => ({
        toolUseId: each.toolUseId,
        decision: each.decision,
        ...(each.reason ? { reason: text(each.reason.id) } : {}),
      })),
      remembered: remembered.map((ref) => text(ref.id)),
      gateway: `${parts.gateway.origin()}/run/${token}`,
      mcp: { url: parts.mcpUrl(), token },
      homes: parts.homes,
      sandbox: parts.sandboxFor(attempt, goal),
    });
  }

  async function host(
    performance: Performance,
    { goal, run, attempt }: { goal: Goal; run: Run; attempt: Attempt },
    assignment: Assignment,
    minutes: number | undefined,
  ): Promise<Report> {
    let end: End | undefined;
    let usage: Run['usage'] = null;
    const pending: Array<Promise<unknown>> = [];
    const stop = () => launched.send({ type: 'stop' });
    const onEvent = (sequence: number, event: AgentEvent) => {
      entry.progressAt = parts.now();
      entry.activity = activityOf(event) ?? entry.activity;
      parts.transcripts.append({ run: run.id, sequence, at: parts.now(), event });
      guard.see(event);
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
    return ended(performance.stream, run.id, end ?? fallback, usage);
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
