import { parseArgs } from 'node:util';
import { err, ok, type Result } from '#main/platform/result.ts';
import { LONGEST_BRIEF_MS } from '#protocol/contract/insight.ts';
import type { Brief } from '#protocol/model/brief.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { textsIn } from '#protocol/model/goal/names.ts';
import { sayAction } from '#protocol/model/goal/why-words.ts';
import { formatUsd } from '#protocol/model/money.ts';
import type { PayloadRef } from '#protocol/model/payload.ts';
import type { World } from '#protocol/model/world.ts';
import { parseSafely, usageFault } from '../arguments.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { worldNow } from '../find.ts';
import { type CliIo, printFault, printJson } from '../io.ts';
import { duration, oneLine } from '../text.ts';
import { withBackend } from '../with-backend.ts';

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 60 * 60_000, d: 24 * 60 * 60_000 };

/** `90m`, `24h`, `7d` in milliseconds. */
function spanOf(text: string): Result<number, Fault> {
  const [, count = '', unit = ''] = /^(\d{1,5})([mhd])$/.exec(text.trim()) ?? [];
  const ms = Number(count) * (UNITS[unit] ?? Number.NaN);
  if (ms >= 60_000 && ms <= LONGEST_BRIEF_MS) return ok(ms);
  return err(
    usageFault(`--since ${text} does not fit.`, 'It takes minutes, hours or days, at most 31d: 90m, 24h, 7d.'),
  );
}

const DONE = {
  'goal-accepted': 'accepted',
  'goal-ready': 'ready',
  'task-merged': 'merged',
  'task-done': 'done',
} as const;
const DECIDED = {
  'goal-stated': 'stated',
  'plan-approved': 'plan approved',
  answered: 'answered',
  'goal-stopped': 'stopped',
} as const;
const FAILED = {
  'task-failed': 'failed',
  'goal-check-failed': 'check of the whole failed',
  'goal-stuck': 'stuck',
  'accept-refused': 'not accepted',
} as const;

function sayBrief(io: CliIo, brief: Brief, world: World): void {
  const textOf = textsIn(brief.texts);
  const line = (word: string, title: PayloadRef | null, when: string) =>
    oneLine(`${word}: ${textOf(title)}${when}`, io.columns() - 2);
  const at = (ms: number) => ` (${duration(io.now() - ms)} ago)`;
  const section = (title: string, rows: readonly string[]) =>
    io.out(`${title}\n${rows.length === 0 ? '  nothing\n' : rows.map((row) => `  ${row}\n`).join('')}`);
  section(
    'Done',
    brief.done.map((each) => line(DONE[each.what], each.title, at(each.at))),
  );
  section(
    'Decided',
    brief.decided.map((each) =>
      line(each.answer ? `${DECIDED[each.what]} ${each.answer}` : DECIDED[each.what], each.title, at(each.at)),
    ),
  );
  section(
    'Did not work',
    brief.failed.map((each) => line(FAILED[each.what], each.title, at(each.at))),
  );
  section('Spent', [
    `${formatUsd(brief.spent.real)} real money`,
    ...(brief.spent.rehearsal > 0
      ? [`${formatUsd(brief.spent.rehearsal)} in rehearsals (scripted, not real money)`]
      : []),
  ]);
  section(
    'Waits for you',
    brief.waits.map((each) => {
      const goal = world.goals[each.goal];
      const helps = goal ? `; ${sayAction(goal, each.action, textsIn(world.texts))}` : '';
      return line(each.cause, each.title, `${at(each.since)}${helps}`);
    }),
  );
}

/** `aios brief`. */
export const briefCommand: Command = {
  help: `Usage: aios brief [--since 24h] [--json]

What was done, decided and spent since then (90m, 24h, 7d), what did not work, and what waits for you.`,
  async run(args, context) {
    const options = { since: { type: 'string' }, json: { type: 'boolean' } } as const;
    const parsed = parseSafely(() => parseArgs({ args, options, strict: true }));
    if (!parsed.ok) return printFault(context.io, parsed.error);
    const json = parsed.value.values.json === true;
    const sinceMs = spanOf(parsed.value.values.since ?? '24h');
    if (!sinceMs.ok) return printFault(context.io, sinceMs.error, json);
    return withBackend(context, { mode: 'ask' }, json, async (backend) => {
      const brief = await backend.operations.goals.brief({ sinceMs: sinceMs.value }, undefined);
      if (!brief.ok) return brief;
      const world = await worldNow(backend.operations);
      if (!world.ok) return world;
      if (json) printJson(context.io, { type: 'result', exitCode: EXIT.done, brief: brief.value });
      else sayBrief(context.io, brief.value, world.value);
      return ok(EXIT.done);
    });
  },
};
