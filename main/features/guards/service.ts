import type { StreamHandle } from '#main/engine/engine.ts';
import type { GoalCommand } from '#main/features/goals/index.ts';
import type { Clock } from '#main/platform/clock.ts';
import type { AgentEvent } from '#protocol/agent/event.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { createBounded } from './bounded.ts';
import { LIMITS, SILENT_MINUTES } from './limits.ts';
import { noticeOf } from './notices.ts';
import type { Finding } from './observation.ts';
import { createEye } from './observe.ts';
import { watchQuiet } from './silence.ts';
import { type WatchState, watch, watchStart } from './watch.ts';

/** A run that is up, as its guards know it. */
export interface GuardedRun {
  readonly goal: string;
  readonly attempt: string;
  readonly run: string;
  readonly agent: string;
  /** Calls that were deferred in an earlier run and are made again in this one. */
  readonly replayed: readonly string[];
  /** Pushes a fixed notice into the running turn. */
  notify(id: string, text: string): void;
}

/** The guards of one run. */
export interface RunGuard {
  see(event: AgentEvent): void;
  /** The run is over: nothing is looked for any more. */
  end(): void;
}

/** Guards as runs, messages and the gateway use them. */
export interface Guards {
  begin(run: GuardedRun): RunGuard;
  /** A model call of a run starts or ends: while one is under way, the run is not stuck. */
  calling(run: string, change: 1 | -1): void;
  /** Tells agents that are running what a guard saw, and records it. */
  notice(goal: string, agents: readonly string[], finding: Finding): void;
}

/** What the guards are made of. */
export interface GuardParts {
  readonly goals: StreamHandle<Goal, GoalCommand>;
  readonly after: Clock['after'];
  readonly newId: (prefix: string) => string;
  readonly report: (what: string) => void;
  readonly silentMinutes?: number;
}

const ATTEMPTS = 256;

/**
 * Watches runs and steps in: first the agent is told what was seen, then its run is stopped and its attempt waits for the
 * CEO. What is remembered of an attempt outlives its runs, so that a restart of the agent does not start the count anew;
 * it does not outlive the orchestrator.
 */
export function createGuards(parts: GuardParts): Guards {
  const states = createBounded<WatchState>(ATTEMPTS);
  const live = new Map<string, GuardedRun>();
  const calls = new Map<string, number>();

  function act(run: GuardedRun, { guard, level, evidence }: Finding): void {
    const action = level === 'stop' ? 'interrupted' : 'noticed';
    const { attempt } = run;
    if (level === 'notice') run.notify(parts.newId('notice'), noticeOf(guard, evidence));
    parts.goals
      .execute(run.goal, { type: 'intervene', guard, action, attempt, run: run.run, evidence })
      .catch((error: unknown) => parts.report(`an intervention was not recorded: ${String(error)}`));
  }

  return {
    begin(run) {
      const eye = createEye(run.agent, run.replayed);
      live.set(run.run, run);
      let stopped = false;
      const found = (finding: Finding) => {
        if (stopped) return;
        stopped = finding.level === 'stop';
        act(run, finding);
      };
      const busy = () => eye.open() > 0 || (calls.get(run.run) ?? 0) > 0;
      const quiet = watchQuiet(parts.after, parts.silentMinutes ?? SILENT_MINUTES, { busy, onFinding: found });
      return {
        see(event) {
          quiet.heard();
          for (const seen of eye.see(event)) {
            const { state, finding } = watch(states.get(run.attempt) ?? watchStart, seen, LIMITS);
            states.set(run.attempt, state);
            if (finding) found(finding);
          }
        },
        end() {
          stopped = true;
          quiet.stop();
          live.delete(run.run);
          calls.delete(run.run);
        },
      };
    },
    calling(run, change) {
      if (live.has(run)) calls.set(run, Math.max(0, (calls.get(run) ?? 0) + change));
    },
    notice(goal, agents, finding) {
      for (const run of live.values()) if (run.goal === goal && agents.includes(run.agent)) act(run, finding);
    },
  };
}
