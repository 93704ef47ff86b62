import { parseArgs } from 'node:util';
import { ok } from '#main/platform/result.ts';
import { parseSafely, usageFault } from '../arguments.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { pickId, worldNow } from '../find.ts';
import { printFault, printJson } from '../io.ts';
import { withBackend } from '../with-backend.ts';

const HELP = `Usage: aios signal GOAL NAME [--failed] [--note TEXT] [--json]

Tells the gates of a goal that wait for NAME that it happened: they open. From a pipeline, say, after a deployment.

  --failed      It went wrong: the gates stay closed
  --note TEXT   What is worth knowing of it
  --json        The result as JSON on stdout`;

const OPTIONS = { failed: { type: 'boolean' }, note: { type: 'string' }, json: { type: 'boolean' } } as const;

/** `aios signal`. */
export const signalCommand: Command = {
  help: HELP,
  async run(args, context) {
    const parsed = parseSafely(() => parseArgs({ args, options: OPTIONS, allowPositionals: true, strict: true }));
    if (!parsed.ok) return printFault(context.io, parsed.error);
    const { values, positionals } = parsed.value;
    const json = values.json === true;
    const [given, name, ...more] = positionals;
    if (given === undefined || name === undefined || more.length > 0)
      return printFault(context.io, usageFault('Name a goal and a signal.', 'It is `aios signal GOAL NAME`.'), json);
    return withBackend(context, { mode: 'ask' }, json, async (backend) => {
      const world = await worldNow(backend.operations);
      if (!world.ok) return world;
      const goal = pickId(Object.keys(world.value.goals), given, 'goal');
      if (!goal.ok) return goal;
      const sent = await backend.operations.plan.signal(
        { goal: goal.value, name, passed: values.failed !== true, note: values.note ?? '' },
        undefined,
      );
      if (!sent.ok) return sent;
      if (json) printJson(context.io, { type: 'result', exitCode: EXIT.done, goal: goal.value, name });
      else
        context.io.err(
          backend.attached
            ? 'Sent.\n'
            : 'Sent; what it opens starts when an orchestrator runs (aios run --resume, aios serve).\n',
        );
      return ok(EXIT.done);
    });
  },
};
