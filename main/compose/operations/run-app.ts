import { goalRef } from '#main/features/merges/index.ts';
import { locateRepository } from '#main/features/projects/index.ts';
import { type AppFolder, attemptOf, folderOf } from '#main/features/review/index.ts';
import { createWorkspace, discardWorkspace, tipOf, type UserRepository } from '#main/features/workspaces/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { RunningApp } from '#protocol/contract/review.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import type { Parts } from '../parts.ts';
import { lookAt } from './projects.ts';

/** The user's repository of a goal, looked at now. */
export async function repositoryOf(parts: Parts, goal: Goal): Promise<Result<UserRepository, Fault>> {
  const { repository } = await parts.runner.setupOf(goal);
  return locateRepository(repository);
}

const NO_FOLDER = faultOf(
  'no-folder',
  'There is nothing to run.',
  'The workspace is not there yet, or was removed when the attempt ended.',
  'Run the goal as a whole instead.',
);

async function checkTrust(parts: Parts, goal: Goal): Promise<Result<void, Fault>> {
  const { repository } = await parts.runner.setupOf(goal);
  const found = await lookAt(parts, repository);
  if (!found.ok) return found;
  if (found.value.trusted) return ok(undefined);
  return err(
    faultOf(
      'needs-trust',
      'This repository is not trusted as it is now.',
      'Running its app runs its code.',
      'Look at what it would run, then trust it.',
    ),
  );
}

/** What the goal has merged, in a folder of its own, set up. */
async function checkOutGoal(parts: Parts, goal: Goal, signal: AbortSignal): Promise<Result<AppFolder, Fault>> {
  const setup = await parts.runner.setupOf(goal);
  const tip = await tipOf(parts.places.hubOf(goal.project), goalRef(goal));
  if (!tip.ok) return err(NO_FOLDER);
  const workspace = parts.places.checkAt(goal, parts.newId('app'), tip.value);
  const created = await createWorkspace({ ...workspace, author: setup.author, include: { from: setup.repository } });
  if (!created.ok) return created;
  const leave = () => discardWorkspace(workspace);
  const command = setup.commands.setup;
  if (command === null) return ok({ path: workspace.path, leave });
  const key = parts.newId('app');
  const outcome = await parts.commands.run(command, workspace.path, key, setup.commands.minutes, signal);
  if (outcome.exitCode === 0) return ok({ path: workspace.path, leave });
  await leave();
  const why = outcome.output.slice(-2_000) || 'It was ended.';
  return err(
    faultOf('setup-failed', 'The set-up command failed.', why, 'Fix the command of the project, or the code.'),
  );
}

/** Runs the project's app on an attempt's work, or on all that is merged. */
export async function runAppOf(parts: Parts, goal: Goal, attempt: string | null): Promise<Result<RunningApp, Fault>> {
  const trusted = await checkTrust(parts, goal);
  if (!trusted.ok) return trusted;
  return parts.apps.run({
    goal: goal.id,
    attempt,
    async prepare(signal) {
      if (attempt === null) return checkOutGoal(parts, goal, signal);
      const found = attemptOf(goal, attempt);
      if (!found.ok) return found;
      const path = await folderOf(parts.places, goal, found.value);
      return path === null ? err(NO_FOLDER) : ok({ path, leave: async () => undefined });
    },
  });
}
