import { parseArgs } from 'node:util';
import { ok, type Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';
import type { World } from '#protocol/model/world.ts';
import { parseSafely, usageFault } from '../arguments.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { pickId, worldNow } from '../find.ts';
import { printFault } from '../io.ts';
import { withBackend } from '../with-backend.ts';

function openGoals(world: World): string[] {
  return Object.values(world.goals)
    .filter((goal) => goal.status !== null && goal.status !== 'accepted' && goal.status !== 'stopped')
    .map((goal) => goal.id);
}

function chosen(world: World, given: string | undefined): Result<string[], Fault> {
  if (given === undefined) return ok(openGoals(world));
  const goal = pickId(Object.keys(world.goals), given, 'goal');
  return goal.ok ? ok([goal.value]) : goal;
}

/** `aios stop`. */
export const stopCommand: Command = {
  help: `Usage: aios stop GOAL
       aios stop --all

Stops a goal, or every open one: runs end, workspaces and commits stay.`,
  async run(args, context) {
    const parsed = parseSafely(() =>
      parseArgs({ args, options: { all: { type: 'boolean' } }, allowPositionals: true, strict: true }),
    );
    if (!parsed.ok) return printFault(context.io, parsed.error);
    const { values, positionals } = parsed.value;
    const [given, ...more] = positionals;
    if ((given === undefined) !== (values.all === true) || more.length > 0)
      return printFault(context.io, usageFault('Name one goal, or --all.', 'There are none or too many.'));
    return withBackend(context, { mode: 'ask' }, false, async (backend) => {
      const world = await worldNow(backend.operations);
      if (!world.ok) return world;
      const goals = chosen(world.value, given);
      if (!goals.ok) return goals;
      for (const goal of goals.value) {
        const stopped = await backend.operations.goals.stop({ goal }, undefined);
        if (!stopped.ok) return stopped;
      }
      context.io.err(goals.value.length === 0 ? 'Nothing was open.\n' : `Stopped ${goals.value.join(', ')}.\n`);
      return ok(EXIT.done);
    });
  },
};
