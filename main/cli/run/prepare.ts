import { err, ok, type Result } from '#main/platform/result.ts';
import type { Operations } from '#main/server/operations.ts';
import type { Inspection } from '#protocol/contract/projects.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { textsIn } from '#protocol/model/goal/describe.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import type { World } from '#protocol/model/world.ts';
import { worldNow } from '../find.ts';
import { oneLine } from '../text.ts';
import type { RunOptions } from './options.ts';

type Say = (line: string) => void;

function sayFound(found: Inspection, options: RunOptions, say: Say): void {
  const { commands } = found;
  const { capUsd, runCapUsd, turns, minutes } = options.goal;
  say(`Repository ${found.path}, branch ${found.branch} at ${found.head.slice(0, 10)}`);
  for (const warning of found.warnings) say(`  ! ${warning}`);
  say(`  set up with: ${commands.setup ?? 'nothing'}`);
  say(
    `  verify with: ${commands.verify ?? 'nothing, so you accept every diff yourself'}${commands.source === '' ? '' : ` (${commands.source})`}`,
  );
  const caps = [
    capUsd === undefined ? 'goal: the crew’s' : `goal: $${capUsd}`,
    runCapUsd === undefined ? 'run: the crew’s' : `run: $${runCapUsd}`,
    ...(turns === undefined ? [] : [`${turns} turns`]),
    ...(minutes === undefined ? [] : [`${minutes} minutes`]),
  ];
  say(`  caps: ${caps.join(', ')}`);
}

const needsTrust = faultOf(
  'needs-trust',
  'This repository is not trusted yet.',
  'What is listed above would run, or would steer agents.',
  'Look at it, then run the same command with --trust. When it changes, you are asked again.',
);

/** Settles trust: it is there, it is given with `--trust`, or the run ends here. */
async function settleTrust(
  operations: Operations,
  found: Inspection,
  options: RunOptions,
  say: Say,
): Promise<Result<void, Fault>> {
  if (found.trust.trusted) return ok(undefined);
  say(options.trust ? 'Trusting:' : 'Not trusted yet:');
  for (const item of found.trust.items) say(`  - ${item.kind} ${item.path}: ${item.summary}`);
  if (!options.trust) return err(needsTrust);
  const trusted = await operations.projects.trust({ path: options.goal.path, digest: found.trust.digest }, undefined);
  return trusted.ok ? ok(undefined) : trusted;
}

const OVER = new Set(['accepted', 'stopped']);

/** The newest goal of a project that is not over; with a text, only one that says the same. */
export function openGoalOf(world: World, project: string, text: string | null): Goal | null {
  const textOf = textsIn(world.texts);
  const open = Object.values(world.goals).filter(
    (goal) =>
      goal.project === project &&
      goal.status !== null &&
      !OVER.has(goal.status) &&
      (text === null || textOf(goal.text).trim() === text.trim()),
  );
  return open.sort((one, other) => other.statedAt - one.statedAt)[0] ?? null;
}

/** Goes on with a goal that was stated before: what was paused continues, a new cap counts. */
async function takeUp(operations: Operations, goal: Goal, options: RunOptions): Promise<Result<string, Fault>> {
  if (goal.paused) {
    const continued = await operations.goals.continue({ goal: goal.id }, undefined);
    if (!continued.ok) return continued;
  }
  if (options.goal.capUsd === undefined) return ok(goal.id);
  const raised = await operations.goals.setCap({ goal: goal.id, usd: options.goal.capUsd }, undefined);
  return raised.ok ? ok(goal.id) : raised;
}

async function state(operations: Operations, options: RunOptions, text: string): Promise<Result<string, Fault>> {
  const stated = await operations.goals.state({ ...options.goal, text }, undefined);
  return stated.ok ? ok(stated.value.goal) : stated;
}

/** Looks at the repository, says what was found, settles trust, and states the goal or takes up the open one. */
export async function prepareRun(
  operations: Operations,
  options: RunOptions,
  say: Say,
): Promise<Result<string, Fault>> {
  const safely: Say = (line) => say(line.startsWith('  ') ? `  ${oneLine(line)}` : oneLine(line));
  const found = await operations.projects.inspect({ path: options.goal.path }, undefined);
  if (!found.ok) return found;
  sayFound(found.value, options, safely);
  const trust = await settleTrust(operations, found.value, options, safely);
  if (!trust.ok) return trust;
  const world = await worldNow(operations);
  if (!world.ok) return world;
  const open = openGoalOf(world.value, found.value.project, options.text);
  if (open) {
    safely(`Going on with ${open.id}, which is open in this repository.`);
    return takeUp(operations, open, options);
  }
  if (options.text !== null) return state(operations, options, options.text);
  return err(
    faultOf(
      'no-such-goal',
      'There is no open goal in this repository.',
      'All are accepted or stopped, or none was stated.',
      'State one: aios run "GOAL".',
    ),
  );
}
