import { parseArgs } from 'node:util';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { NewFork } from '#protocol/contract/fork.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { boundariesOf, type PlacedBoundary } from '#protocol/model/goal/boundaries.ts';
import type { Boundary } from '#protocol/model/goal/fork.ts';
import { textsIn } from '#protocol/model/goal/names.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { formatUsd } from '#protocol/model/money.ts';
import type { World } from '#protocol/model/world.ts';
import { numberOf, parseSafely, usageFault } from '../arguments.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { pickId, worldNow } from '../find.ts';
import { type CliIo, printFault, printJson } from '../io.ts';
import { oneLine } from '../text.ts';
import { withBackend } from '../with-backend.ts';

const OPTIONS = {
  at: { type: 'string' },
  text: { type: 'string' },
  model: { type: 'string', multiple: true },
  replan: { type: 'boolean' },
  ask: { type: 'boolean' },
  go: { type: 'boolean' },
  cap: { type: 'string' },
  json: { type: 'boolean' },
} as const;

const say = (at: Boundary) => (at.kind === 'start' ? 'start' : `${at.kind}:${at.attempt}`);

/** `start`, `merge:ATTEMPT`, `attempt:ATTEMPT`. */
function boundaryOf(text: string): Result<Boundary, Fault> {
  if (text === 'start') return ok({ kind: 'start' });
  const [kind, attempt = '', ...more] = text.split(':');
  if ((kind === 'merge' || kind === 'attempt') && attempt !== '' && more.length === 0) return ok({ kind, attempt });
  return err(usageFault(`--at ${text} does not fit.`, 'It takes start, merge:ATTEMPT or attempt:ATTEMPT.'));
}

/** `backend=MODEL`, once for each role. */
function modelsOf(given: readonly string[]): Result<Record<string, string>, Fault> {
  const models: Record<string, string> = {};
  for (const each of given) {
    const at = each.indexOf('=');
    if (at < 1 || at === each.length - 1)
      return err(usageFault(`--model ${each} does not fit.`, 'It takes ROLE=MODEL.'));
    models[each.slice(0, at)] = each.slice(at + 1);
  }
  return ok(models);
}

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

/** What was typed, as a fork of a goal still to be named; null: only the boundaries are asked for. */
function wishOf(values: Values): Result<Omit<NewFork, 'goal'> | null, Fault> {
  if (values.ask === true && values.go === true)
    return err(usageFault('--ask and --go exclude each other.', 'A plan is approved, or it starts at once.'));
  const models = modelsOf(values.model ?? []);
  if (!models.ok) return models;
  const cap = numberOf('cap', values.cap, { least: 0.01, most: 1_000_000 });
  if (!cap.ok) return cap;
  if (values.at === undefined) return ok(null);
  const at = boundaryOf(values.at);
  if (!at.ok) return at;
  return ok({
    at: at.value,
    models: models.value,
    plan: values.replan === true ? 'replan' : 'same',
    ...(values.text === undefined ? {} : { text: values.text }),
    ...(cap.value === undefined ? {} : { capUsd: cap.value }),
    ...(values.ask === true ? { mode: 'ask' as const } : values.go === true ? { mode: 'go' as const } : {}),
  });
}

function listBoundaries(io: CliIo, world: World, goal: Goal, json: boolean): void {
  const all = boundariesOf(goal);
  const titleOf = ({ task }: PlacedBoundary) => textsIn(world.texts)(goal.tasks[task ?? '']?.title ?? goal.text);
  if (json)
    printJson(io, {
      type: 'result',
      exitCode: EXIT.done,
      goal: goal.id,
      boundaries: all.map((each) => ({ at: say(each.at), commit: each.commit, when: each.when, title: titleOf(each) })),
    });
  else
    for (const each of all) {
      const when = new Date(each.when).toISOString().slice(0, 19).replace('T', ' ');
      io.out(`${oneLine(`${say(each.at)}  ${when}  ${each.commit.slice(0, 10)}  ${titleOf(each)}`, io.columns())}\n`);
    }
}

/** `aios fork`. */
export const forkCommand: Command = {
  help: `Usage: aios fork GOAL [--json]
       aios fork GOAL --at start|merge:ATTEMPT|attempt:ATTEMPT [--text "GOAL"] [--model ROLE=MODEL]...
                 [--replan] [--ask | --go] [--cap USD] [--json]

Lists the moments a goal can be forked from, or runs it again from one of them, with other words, models or another plan:
a goal of its own, with its own branch, workspaces and cap. The first stays as it is. Compare them with aios compare.`,
  async run(args, context) {
    const parsed = parseSafely(() => parseArgs({ args, options: OPTIONS, allowPositionals: true, strict: true }));
    if (!parsed.ok) return printFault(context.io, parsed.error);
    const { values, positionals } = parsed.value;
    const json = values.json === true;
    const [given, ...more] = positionals;
    if (given === undefined || more.length > 0)
      return printFault(context.io, usageFault('Name one goal.', '`aios fork GOAL` takes exactly one.'), json);
    const wish = wishOf(values);
    if (!wish.ok) return printFault(context.io, wish.error, json);
    return withBackend(context, { mode: 'ask' }, json, async (backend) => {
      const world = await worldNow(backend.operations);
      if (!world.ok) return world;
      const id = pickId(Object.keys(world.value.goals), given, 'goal');
      if (!id.ok) return id;
      const goal = world.value.goals[id.value];
      if (!wish.value) {
        if (goal) listBoundaries(context.io, world.value, goal, json);
        return ok(EXIT.done);
      }
      const fork = await backend.operations.goals.fork({ ...wish.value, goal: id.value }, undefined);
      if (!fork.ok) return fork;
      const { goal: made, commit, capNanos } = fork.value;
      if (json)
        printJson(context.io, { type: 'result', exitCode: EXIT.done, goal: made, from: id.value, commit, capNanos });
      else {
        const next = backend.attached ? 'aios status' : `aios run --resume ${made}`;
        context.io.out(`${made}\n`);
        context.io.err(`Forked at ${commit.slice(0, 10)}; it may spend ${formatUsd(capNanos)}. Next: ${next}\n`);
      }
      return ok(EXIT.done);
    });
  },
};
