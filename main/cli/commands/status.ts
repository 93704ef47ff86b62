import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ok } from '#main/platform/result.ts';
import { describeGoal, openItems, type TextOf, textsIn } from '#protocol/model/goal/describe.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { whyOf } from '#protocol/model/goal/why.ts';
import { sayWhy } from '#protocol/model/goal/why-words.ts';
import type { World } from '#protocol/model/world.ts';
import { parseSafely } from '../arguments.ts';
import type { Backend } from '../backend.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { worldNow } from '../find.ts';
import { type CliIo, printFault, printJson } from '../io.ts';
import { renderGoal, spendOf } from '../view/render.ts';
import { withBackend } from '../with-backend.ts';

const OVER = new Set(['accepted', 'stopped']);

function sayWorld(io: CliIo, world: World, backend: Backend): void {
  const goals = Object.values(world.goals).filter((goal) => goal.status !== null);
  const open = goals.filter((goal) => !OVER.has(goal.status ?? ''));
  io.out(
    `${backend.attached ? 'An orchestrator is running.' : 'No orchestrator is running; nothing moves until one is (aios serve, aios run --resume).'}\n`,
  );
  for (const goal of open) {
    const lines = renderGoal(world, goal.id, { width: io.columns(), now: io.now(), height: 60 });
    io.out(`\n${goal.id}\n${lines.join('\n')}\n`);
  }
  io.out(`\n${open.length} open, ${goals.length - open.length} accepted or stopped.\n`);
}

/** Why a goal does not move, for programs; null while it does. */
function standsStill(goal: Goal, textOf: TextOf) {
  const why = whyOf(goal, { kind: 'goal', id: goal.id });
  if (!why) return null;
  const { cause, owner, since, action, actionSays, chain } = sayWhy(goal, why, textOf);
  return { cause, owner, since, action, helps: actionSays, root: chain.at(-1)?.sentence ?? '' };
}

function worldAsJson(world: World, backend: Backend) {
  const textOf = textsIn(world.texts);
  return {
    type: 'result',
    exitCode: EXIT.done,
    running: backend.attached,
    sequence: world.sequence,
    goals: Object.values(world.goals).map((goal) => ({
      id: goal.id,
      text: textOf(goal.text),
      status: goal.status,
      why: describeGoal(goal).why,
      standsStill: standsStill(goal, textOf),
      spent: spendOf(world, goal),
      branch: goal.branch,
      paused: goal.paused,
      needsYou: openItems(goal).length,
      tasks: Object.values(goal.tasks).map(({ id, status, title }) => ({ id, status, title: textOf(title) })),
    })),
  };
}

/** `aios status`. */
export const statusCommand: Command = {
  help: `Usage: aios status [--json]

Shows every open goal: its tasks and why they wait, agents, spend, and what needs you.`,
  async run(args, context) {
    const parsed = parseSafely(() => parseArgs({ args, options: { json: { type: 'boolean' } }, strict: true }));
    if (!parsed.ok) return printFault(context.io, parsed.error);
    const json = parsed.value.values.json === true;
    if (!existsSync(context.home)) {
      if (json) printJson(context.io, { type: 'result', exitCode: EXIT.done, running: false, sequence: 0, goals: [] });
      else context.io.out('Nothing here yet. State a goal: aios run "GOAL" --repo PATH\n');
      return EXIT.done;
    }
    return withBackend(context, { mode: 'ask' }, json, async (backend) => {
      const world = await worldNow(backend.operations);
      if (!world.ok) return world;
      if (json) printJson(context.io, worldAsJson(world.value, backend));
      else sayWorld(context.io, world.value, backend);
      return ok(EXIT.done);
    });
  },
};
