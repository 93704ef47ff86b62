import type { StreamHandle } from '#main/engine/engine.ts';
import type { Performance, Performer, Report } from '#main/engine/performer.ts';
import { areasOf, type GoalCommand } from '#main/features/goals/index.ts';
import type { GoalSetup } from '#main/features/runs/index.ts';
import {
  changedPaths,
  checkDisk,
  createWorkspace,
  diffText,
  discardWorkspace,
  ensureHub,
  openGoalBranch,
  removeWorkspace,
  tipOf,
  type UserRepository,
} from '#main/features/workspaces/index.ts';
import { failpoint } from '#main/platform/failpoint.ts';
import type { KeyedMutex } from '#main/platform/keyed-mutex.ts';
import type { Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';
import type { Attempt, Goal } from '#protocol/model/goal/state.ts';
import { outsideRole } from './boundaries.ts';
import { disagreementOf } from './disagree.ts';
import { createGoalCheck } from './goal-check-effect.ts';
import { type Known, knownAs, report, sync, titleOf } from './known.ts';
import { createMergeEffects } from './merge-effects.ts';
import { tail } from './output.ts';
import { goalRef, type Places } from './places.ts';
import { checksOf, judgedIn } from './plan-wishes.ts';
import { bothSides, otherSide } from './sides.ts';
import { describeConflict, describeFault, type Synced } from './sync.ts';
import { type CommandRunner, check } from './verify.ts';

/** What the effects of attempts need. */
export interface MergeParts {
  readonly home: string;
  readonly goals: StreamHandle<Goal, GoalCommand>;
  readonly places: Places;
  readonly commands: CommandRunner;
  readonly turns: KeyedMutex;
  readonly setupOf: (goal: Goal) => Promise<GoalSetup>;
  readonly textOf: (id: string) => Promise<string>;
  /** A run of this attempt will be ordered as soon as its workspace is there. */
  readonly expectRun: (goal: Goal, attempt: Attempt) => void;
  /** The user's repository, looked at now. */
  readonly repositoryOf: (path: string) => Promise<Result<UserRepository, Fault>>;
}

const DIFF_LIMIT = 128 * 1024;
/** A workspace, its set-up and its build want room. */
const LEAST_FREE_BYTES = 200 * 1024 * 1024;

/** Performs what attempts order: making the workspace, checking the work, merging it, removing the workspace. */
export function createAttemptEffects(parts: MergeParts): Record<string, Performer> {
  const known = (performance: Performance, status: Attempt['status']) =>
    knownAs(parts, performance.subject, (performance.event.data as { attempt: string }).attempt, status);

  /** In the attempt's turn: what takes the task back meanwhile removes the workspace afterwards. */
  function prepare(performance: Performance): Promise<Report> {
    const { attempt } = performance.event.data as { attempt: string };
    return parts.turns.run(`attempt:${attempt}`, () => prepareInTurn(performance));
  }

  async function prepareInTurn(performance: Performance): Promise<Report> {
    const found = await known(performance, 'preparing');
    if (!found) return null;
    const { goal, attempt, setup } = found;
    const failed = (fault: Fault, cause: 'disk' | 'stuck' = 'stuck') =>
      report(performance, { type: 'unprepared', attempt: attempt.id, cause, why: describeFault(fault) });
    const disk = await checkDisk(parts.home, LEAST_FREE_BYTES);
    if (!disk.ok) return failed(disk.error, 'disk');
    parts.expectRun(goal, attempt);
    const base = await goalTip(goal, setup);
    if (!base.ok) return failed(base.error);
    const judged = judgedIn(goal, attempt);
    const workspace = { ...parts.places.workspaceOf(goal, attempt), base: judged ?? base.value };
    const created = await createWorkspace({
      ...workspace,
      author: setup.author,
      include: { from: setup.repository },
      // What a reviewer compares with.
      ...(judged === undefined ? {} : { refs: { 'refs/remotes/aios/goal': base.value } }),
    });
    if (!created.ok) return failed(created.error);
    failpoint('workspace-created');
    if (setup.commands.setup !== null) {
      const outcome = await check(
        parts.commands,
        { ...setup.commands, verify: null },
        { cwd: workspace.path, key: performance.id, signal: performance.signal },
      );
      if (!outcome.passed)
        return report(performance, {
          type: 'unprepared',
          attempt: attempt.id,
          cause: 'stuck',
          why: tail(outcome.output),
        });
    }
    return report(performance, {
      type: 'prepared',
      attempt: attempt.id,
      base: created.value.workspace.base,
      workspace: workspace.path,
    });
  }

  /** The goal's branch, opened at its base the first time. */
  async function goalTip(goal: Goal, setup: GoalSetup): Promise<Result<string, Fault>> {
    const hub = parts.places.hubOf(goal.project);
    return parts.turns.run(`hub:${hub}`, async () => {
      const tip = await tipOf(hub, goalRef(goal));
      if (tip.ok) return tip;
      const repository = await parts.repositoryOf(setup.repository);
      if (!repository.ok) return repository;
      const ready = await ensureHub(hub, repository.value);
      return ready.ok ? openGoalBranch(hub, goalRef(goal), goal.base) : ready;
    });
  }

  async function checkAttempt(performance: Performance): Promise<Report> {
    const found = await known(performance, 'verifying');
    if (!found) return null;
    return parts.turns.run(`attempt:${found.attempt.id}`, () => checkNow(performance, found));
  }

  /** The conflict with both sides, and who wrote the other. */
  async function conflicting({ goal, attempt }: Known, synced: Extract<Synced, { kind: 'conflict' }>) {
    const hub = parts.places.hubOf(goal.project);
    const mine = await tipOf(hub, `refs/aios/attempts/${attempt.id}`);
    const ends = { hub, work: mine.ok ? mine.value : (attempt.base ?? goal.base), tip: synced.tip };
    const other = await otherSide(goal, ends);
    const output = `${describeConflict(synced)}\n\n${await bothSides(goal, ends, other, synced.files)}`;
    const others = other.attempts.map((each) => each.id);
    return { result: 'conflict', commit: null, exitCode: null, files: 0, output, others } as const;
  }

  async function checkNow(performance: Performance, found: Known): Promise<Report> {
    const { goal, attempt, setup } = found;
    const blank = { commit: null, exitCode: null, files: 0 };
    const answer = (command: Omit<Extract<GoalCommand, { type: 'checked' }>, 'type' | 'attempt'>) =>
      report(performance, { type: 'checked', attempt: attempt.id, ...command, output: tail(command.output) });
    const synced = await sync(parts, found, await titleOf(parts, goal, attempt));
    if (!synced.ok) return answer({ ...blank, result: 'error', output: describeFault(synced.error) });
    if (synced.value.kind === 'conflict') return answer(await conflicting(found, synced.value));
    const { commit, tip } = synced.value;
    const hub = parts.places.hubOf(goal.project);
    const changed = await changedPaths({ gitDir: hub, base: tip, head: commit });
    if (!changed.ok) return answer({ ...blank, result: 'error', output: describeFault(changed.error) });
    const files = changed.value.length;
    const role = setup.crew.roles[goal.agents[attempt.agent]?.role ?? ''];
    const outside = role ? outsideRole(role, changed.value) : [];
    if (outside.length > 0) {
      const list = outside
        .slice(0, 50)
        .map((path) => `- ${path}`)
        .join('\n');
      return answer({
        commit,
        exitCode: null,
        files,
        result: 'failed',
        output: `Your role may not change these files; undo that:\n${list}`,
      });
    }
    const verify = role?.verify ?? setup.commands.verify;
    const also = await checksOf(parts, goal, attempt);
    if (files === 0)
      return answer({ commit, exitCode: null, files, result: 'empty', output: 'No file differs from the goal.' });
    if (verify === null && also.length === 0) {
      const diff = await diffText({ gitDir: hub, base: tip, head: commit }, DIFF_LIMIT);
      return answer({
        commit,
        exitCode: null,
        files,
        result: 'none',
        output: diff.ok ? diff.value.text : describeFault(diff.error),
      });
    }
    const outcome = await check(
      parts.commands,
      { ...setup.commands, verify, also },
      { cwd: parts.places.workspaceOf(goal, attempt).path, key: performance.id, signal: performance.signal },
    );
    const disagrees = outcome.passed
      ? null
      : await disagreementOf(parts, { performance, found }, synced.value, { verify, also, output: outcome.output });
    return answer({
      commit,
      exitCode: outcome.exitCode,
      files,
      areas: areasOf(changed.value.map(({ path }) => path)),
      result: outcome.passed ? 'passed' : 'failed',
      output: `${tail(outcome.output)}${disagrees?.said ?? ''}`,
      ...(disagrees === null ? {} : { others: disagrees.others, otherFiles: disagrees.otherFiles }),
    });
  }

  async function remove(performance: Performance): Promise<Report> {
    const goal = parts.goals.state(performance.subject);
    const attempt = goal?.attempts[(performance.event.data as { attempt: string }).attempt];
    if (!goal || !attempt) return null;
    const workspace = parts.places.workspaceOf(goal, attempt);
    return parts.turns.run(`attempt:${attempt.id}`, async () => {
      // Ended before any run: nobody worked in it.
      if (attempt.base === null) {
        await discardWorkspace(workspace);
        return null;
      }
      const removed = await removeWorkspace(workspace);
      if (!removed.ok) throw new Error(describeFault(removed.error));
      return null;
    });
  }

  return {
    'workspace.prepare': prepare,
    'attempt.check': checkAttempt,
    ...createMergeEffects(parts),
    'workspace.remove': remove,
    'goal.check': createGoalCheck(parts),
  };
}
