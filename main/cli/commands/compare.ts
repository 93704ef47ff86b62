import { parseArgs } from 'node:util';
import { ok } from '#main/platform/result.ts';
import type { ComparedFile, ComparedGoal, Comparison } from '#protocol/model/compare.ts';
import { textsIn } from '#protocol/model/goal/names.ts';
import { formatUsd } from '#protocol/model/money.ts';
import { parseSafely, usageFault } from '../arguments.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { pickId, worldNow } from '../find.ts';
import { type CliIo, printFault, printJson } from '../io.ts';
import { duration, oneLine } from '../text.ts';
import { withBackend } from '../with-backend.ts';

const COLUMN = 30;
const MOST_FILES = 200;

type Fact = readonly [name: string, of: (side: ComparedGoal) => string];

const money = ({ ledger, spent }: ComparedGoal) => `${formatUsd(spent)}${ledger === 'rehearsal' ? ' scripted' : ''}`;

const FACTS: readonly Fact[] = [
  ['state', (side) => side.status ?? ''],
  ['cost', money],
  ['of it before the fork', (side) => formatUsd(side.spentBefore)],
  ['time', (side) => duration(side.wallMs)],
  ['attempts', (side) => String(side.attempts)],
  ['runs', (side) => String(side.runs)],
  ['model calls', (side) => String(side.calls)],
  ['tokens in, out, cached', ({ tokens }) => `${tokens.input}, ${tokens.output}, ${tokens.cache}`],
  ['tasks done, failed, open', ({ tasks }) => `${tasks.done}, ${tasks.failed}, ${tasks.open}`],
  ['checks passed, failed', ({ checks }) => `${checks.passed}, ${checks.failed}`],
  ['check of the whole', (side) => (side.whole ? 'passed' : 'not passed')],
  ['models', (side) => side.models.join(', ')],
  ['files, lines', ({ diff }) => `${diff.files}, +${diff.additions} -${diff.deletions}`],
];

const MARKS: Readonly<Record<ComparedFile['in'], string>> = {
  a: 'only in the first',
  b: 'only in the second',
  'both-same': 'the same in both',
  'both-different': 'different',
};

function sayComparison(io: CliIo, compared: Comparison): void {
  const textOf = textsIn(compared.texts);
  const { a, b } = compared;
  const row = (name: string, one: string, other: string) =>
    io.out(`${name.padEnd(26)}${oneLine(one, COLUMN - 2).padEnd(COLUMN)}${oneLine(other, COLUMN)}\n`);
  row('', a.goal, b.goal);
  row('', textOf(a.text), textOf(b.text));
  for (const [name, of] of FACTS) row(name, of(a), of(b));
  io.out(`\nagainst ${compared.common.slice(0, 10)}, which both have:\n`);
  for (const file of compared.files.slice(0, MOST_FILES))
    io.out(`  ${MARKS[file.in].padEnd(20)}${oneLine(file.path, io.columns() - 22)}\n`);
  const more = compared.total - Math.min(compared.files.length, MOST_FILES);
  if (more > 0) io.out(`  … and ${more} more\n`);
}

/** `aios compare`. */
export const compareCommand: Command = {
  help: `Usage: aios compare GOAL GOAL [--json]

Shows two goals of one project side by side: cost, time, work, checks, and how their files differ.`,
  async run(args, context) {
    const options = { json: { type: 'boolean' } } as const;
    const parsed = parseSafely(() => parseArgs({ args, options, allowPositionals: true, strict: true }));
    if (!parsed.ok) return printFault(context.io, parsed.error);
    const json = parsed.value.values.json === true;
    const [one, other, ...more] = parsed.value.positionals;
    if (one === undefined || other === undefined || more.length > 0)
      return printFault(context.io, usageFault('Name two goals.', '`aios compare` takes exactly two.'), json);
    return withBackend(context, { mode: 'ask' }, json, async (backend) => {
      const world = await worldNow(backend.operations);
      if (!world.ok) return world;
      const a = pickId(Object.keys(world.value.goals), one, 'goal');
      if (!a.ok) return a;
      const b = pickId(Object.keys(world.value.goals), other, 'goal');
      if (!b.ok) return b;
      const compared = await backend.operations.goals.compare({ a: a.value, b: b.value }, undefined);
      if (!compared.ok) return compared;
      if (json) printJson(context.io, { type: 'result', exitCode: EXIT.done, comparison: compared.value });
      else sayComparison(context.io, compared.value);
      return ok(EXIT.done);
    });
  },
};
