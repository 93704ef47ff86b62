import { parseArgs } from 'node:util';
import { runRehearsal } from '#main/cli/rehearse/run.ts';
import { numberOf, parseSafely } from '../arguments.ts';
import type { Command } from '../command.ts';
import { printFault } from '../io.ts';

const HELP = `Usage: aios rehearse [OPTIONS]

Plays a crew with a scripted model: no key, no cost. Agents, git, tests and merges are real; only the model's
words are scripted.

  --script NAME   Which rehearsal: crew, service, solo or misbehaving (default: crew)
  --seed N        Makes its delays repeat (default: 1)
  --json          Events and the result as newline-delimited JSON on stdout`;

const OPTIONS = { script: { type: 'string' }, seed: { type: 'string' }, json: { type: 'boolean' } } as const;

/** `aios rehearse`: the whole product on a machine with no key. */
export const rehearseCommand: Command = {
  help: HELP,
  async run(args, context) {
    const parsed = parseSafely(() => parseArgs({ args, options: OPTIONS, strict: true }));
    if (!parsed.ok) return printFault(context.io, parsed.error);
    const { script = 'crew', json = false } = parsed.value.values;
    const seed = numberOf('seed', parsed.value.values.seed, { least: 0, most: 2 ** 31 - 1, whole: true });
    if (!seed.ok) return printFault(context.io, seed.error, json);
    return runRehearsal({ script, seed: seed.value ?? 1, json }, context.io);
  },
};
