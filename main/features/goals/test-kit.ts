import type { DecideContext, Decision } from '#main/engine/area.ts';
import { countingIds } from '#main/platform/ids.ts';
import type { GoalEvent } from '#protocol/model/goal/event.ts';
import { evolveGoal } from '#protocol/model/goal/evolve.ts';
import type { AgentRecord, GoalLimits } from '#protocol/model/goal/parts.ts';
import { type Attempt, emptyGoal, type Goal, type Task } from '#protocol/model/goal/state.ts';
import type { GoalCommand, ProposedTask } from './command.ts';
import { decideGoal } from './decide.ts';

/** Limits small enough that tests reach them. */
export const LIMITS: GoalLimits = {
  attempts: 2,
  fixes: 1,
  nudges: 1,
  recoveries: 2,
  turns: 10,
  minutes: 30,
  goalNanos: 1_000_000_000,
  runNanos: 1_000_000_000,
  tasks: 12,
};

const agent = (id: string, role: string, lead = false): AgentRecord => ({
  id,
  name: id,
  role,
  driver: 'scripted',
  model: 'm',
  lead,
});

/** A Lead, two workers and one tester. */
export const AGENTS = [agent('lead', 'lead', true), agent('ann', 'work'), agent('bob', 'work'), agent('tess', 'test')];

/** A task as a plan names it. */
export function planned(key: string, dependsOn: readonly string[] = [], role = 'work'): ProposedTask {
  return { key, title: `Title of ${key}`, brief: `Brief of ${key}`, assignee: { kind: 'role', role }, dependsOn };
}

/** One goal, its clock and its ids; `do` decides and applies. */
export interface Bench {
  goal(): Goal;
  readonly events: ReadonlyArray<{ readonly event: GoalEvent; readonly at: number }>;
  readonly texts: ReadonlyMap<string, string>;
  advance(ms: number): void;
  /** Decides and applies; `onEvent` sees the state before and after each event. */
  do(command: GoalCommand): Decision<GoalEvent>;
}

/** Makes a bench. */
export function bench(onEvent?: (before: Goal, event: GoalEvent, after: Goal) => void): Bench {
  let goal = emptyGoal('goal_1');
  let now = 1_000_000;
  const newId = countingIds();
  const texts = new Map<string, string>();
  const events: Array<{ event: GoalEvent; at: number }> = [];
  const context = (): DecideContext => ({
    now,
    newId,
    epoch: 1,
    keep: (text) => {
      const id = newId('pl');
      texts.set(id, text);
      return { id, hash: 'h' };
    },
  });
  return {
    goal: () => goal,
    events,
    texts,
    advance: (ms) => {
      now += ms;
    },
    do(command) {
      const decision = decideGoal(goal, command, context());
      if (decision.kind === 'refused') return decision;
      for (const event of decision.events) {
        const before = goal;
        goal = evolveGoal(goal, event, now);
        events.push({ event, at: now });
        onEvent?.(before, event, goal);
      }
      return decision;
    },
  };
}

/** The command that states the goal of the bench. */
export function stated(over: Partial<Extract<GoalCommand, { type: 'state' }>> = {}): GoalCommand {
  return {
    type: 'state',
    project: 'p',
    text: 'Make it so',
    mode: 'go',
    upstream: 'default',
    ledger: 'rehearsal',
    branch: 'aios/goal',
    base: 'base',
    target: 'main',
    crew: '{}',
    agents: AGENTS,
    limits: LIMITS,
    solo: null,
    ...over,
  };
}

/** The task with that title. */
export function taskOf(on: Bench, title: string): Task {
  const task = Object.values(on.goal().tasks).find((each) => on.texts.get(each.title.id) === title);
  if (!task) throw new Error(`no task "${title}"`);
  return task;
}

/** The newest attempt of a task. */
export function attemptOf(on: Bench, task: Task): Attempt {
  const attempt = on.goal().attempts[on.goal().tasks[task.id]?.attempts.at(-1) ?? ''];
  if (!attempt) throw new Error(`task ${task.id} has no attempt`);
  return attempt;
}

/** The newest run of a task. */
export function runOf(on: Bench, task: Task): string {
  return attemptOf(on, task).runs.at(-1) ?? '';
}

/** Prepares a task's attempt and starts its run. */
export function start(on: Bench, task: Task): string {
  on.do({ type: 'prepared', attempt: attemptOf(on, task).id, base: 'base', workspace: '/w' });
  on.do({ type: 'run-started', run: runOf(on, task) });
  return runOf(on, task);
}

/** Ends a task's newest run. */
export function endRun(on: Bench, task: Task, outcome: Extract<GoalCommand, { type: 'run-ended' }>['outcome']): void {
  on.do({ type: 'run-ended', run: runOf(on, task), outcome, detail: '', usage: null });
}

/** Takes a task from its start to a claimed, ended run. */
export function work(on: Bench, task: Task): void {
  const run = start(on, task);
  on.do({ type: 'claim', run, claim: 'done', summary: 'Done.' });
  endRun(on, task, 'completed');
}

/** The end of a task's check. */
export function check(on: Bench, task: Task, result: Extract<GoalCommand, { type: 'checked' }>['result']): void {
  const commit = result === 'passed' ? 'c1' : null;
  on.do({ type: 'checked', attempt: attemptOf(on, task).id, result, commit, exitCode: 1, output: 'why', files: 1 });
}

/** The end of a task's merge. */
export function merge(on: Bench, task: Task, result: Extract<GoalCommand, { type: 'merged' }>['result']): void {
  on.do({ type: 'merged', attempt: attemptOf(on, task).id, result, commit: 'm1', output: 'why' });
}
