import { parseArgs } from 'node:util';
import { ok } from '#main/platform/result.ts';
import { parseSafely, usageFault } from '../arguments.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { pickId, worldNow } from '../find.ts';
import { printFault, printJson } from '../io.ts';
import { acceptGoal } from '../run/finish.ts';
import { withBackend } from '../with-backend.ts';

const OPTIONS = { target: { type: 'string' }, json: { type: 'boolean' } } as const;

/** `aios accept`. */
export const acceptCommand: Command = {
  help: `Usage: aios accept GOAL [--target BRANCH] [--json]

Brings a goal that is ready into your branch (default: the one it started from).`,
  async run(args, context) {
    const parsed = parseSafely(() => parseArgs({ args, options: OPTIONS, allowPositionals: true, strict: true }));
    if (!parsed.ok) return printFault(context.io, parsed.error);
    const { values, positionals } = parsed.value;
    const [given, ...more] = positionals;
    const json = values.json === true;
    if (given === undefined || more.length > 0)
      return printFault(context.io, usageFault('Name one goal.', '`aios accept GOAL` takes exactly one.'), json);
    return withBackend(context, { mode: 'ask' }, json, async (backend) => {
      const world = await worldNow(backend.operations);
      if (!world.ok) return world;
      const goal = pickId(Object.keys(world.value.goals), given, 'goal');
      if (!goal.ok) return goal;
      const commit = await acceptGoal(backend.operations, goal.value, values.target);
      if (!commit.ok) return commit;
      if (json) printJson(context.io, { type: 'result', exitCode: EXIT.done, goal: goal.value, commit: commit.value });
      else context.io.err(`Accepted${commit.value ? ` as ${commit.value.slice(0, 10)}` : ''}.\n`);
      return ok(EXIT.done);
    });
  },
};
