import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { Operations } from '#main/server/operations.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { parseSafely, usageFault } from '../arguments.ts';
import type { Command, CommandContext } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { pickId, worldNow } from '../find.ts';
import { type CliIo, printFault, printJson } from '../io.ts';
import { harmless } from '../text.ts';
import { withBackend } from '../with-backend.ts';

const HELP = `Usage: aios plan GOAL [--json]
       aios plan GOAL --apply FILE [--json]

Prints the plan of a goal as its file says it: what is wanted, not how far it is. With --apply the plan becomes what
the file says, all or nothing; every change is printed. A file that cannot be used is refused with line and reason.

  --apply FILE  An edited plan file
  --json        The result as JSON on stdout`;

const OPTIONS = { apply: { type: 'string' }, json: { type: 'boolean' } } as const;

async function readEdited(path: string): Promise<Result<string, Fault>> {
  try {
    return ok(await readFile(path, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return err(faultOf('file-unreadable', 'The plan file cannot be read.', why, 'Check the path.'));
  }
}

async function show(io: CliIo, operations: Operations, goal: string, json: boolean): Promise<Result<ExitCode, Fault>> {
  const file = await operations.plan.file({ goal }, undefined);
  if (!file.ok) return file;
  if (json) printJson(io, { type: 'result', exitCode: EXIT.done, goal, ...file.value });
  else io.out(harmless(file.value.text));
  return ok(EXIT.done);
}

interface Edit {
  readonly goal: string;
  readonly text: string;
}

async function apply(
  io: CliIo,
  operations: Operations,
  { goal, text }: Edit,
  json: boolean,
): Promise<Result<ExitCode, Fault>> {
  const compared = await operations.plan.compareFile({ goal, text }, undefined);
  if (!compared.ok) return compared;
  const { lines } = compared.value;
  if (lines.length > 0) {
    const applied = await operations.plan.applyFile({ goal, text }, undefined);
    if (!applied.ok) return applied;
  }
  if (json) printJson(io, { type: 'result', exitCode: EXIT.done, goal, lines });
  else if (lines.length === 0) io.err('The file says what holds already.\n');
  else io.out(`${lines.map(harmless).join('\n')}\n`);
  return ok(EXIT.done);
}

async function edited(context: CommandContext, file: string | undefined): Promise<Result<string | null, Fault>> {
  return file === undefined ? ok(null) : readEdited(resolve(context.io.cwd, file));
}

/** `aios plan`. */
export const planCommand: Command = {
  help: HELP,
  async run(args, context) {
    const parsed = parseSafely(() => parseArgs({ args, options: OPTIONS, allowPositionals: true, strict: true }));
    if (!parsed.ok) return printFault(context.io, parsed.error);
    const { values, positionals } = parsed.value;
    const json = values.json === true;
    const [given, ...more] = positionals;
    if (given === undefined || more.length > 0)
      return printFault(context.io, usageFault('Name one goal.', 'There are none or too many.'), json);
    const text = await edited(context, values.apply);
    if (!text.ok) return printFault(context.io, text.error, json);
    return withBackend(context, { mode: 'ask' }, json, async ({ operations }) => {
      const world = await worldNow(operations);
      if (!world.ok) return world;
      const goal = pickId(Object.keys(world.value.goals), given, 'goal');
      if (!goal.ok) return goal;
      return text.value === null
        ? show(context.io, operations, goal.value, json)
        : apply(context.io, operations, { goal: goal.value, text: text.value }, json);
    });
  },
};
