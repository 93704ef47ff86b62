import { parseArgs } from 'node:util';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { textsIn } from '#protocol/model/goal/names.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { whyOf, whysOf } from '#protocol/model/goal/why.ts';
import type { WhySubject } from '#protocol/model/goal/why-parts.ts';
import { type SaidWhy, sayWhy } from '#protocol/model/goal/why-words.ts';
import type { World } from '#protocol/model/world.ts';
import { parseSafely, usageFault } from '../arguments.ts';
import type { Command } from '../command.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { pickId, worldNow } from '../find.ts';
import { type CliIo, printFault, printJson } from '../io.ts';
import { duration, oneLine } from '../text.ts';
import { withBackend } from '../with-backend.ts';

const OVER = new Set(['accepted', 'stopped']);

/** What one asks about, and the goal it is part of. */
interface Asked {
  readonly goal: Goal;
  readonly subject: WhySubject;
}

function subjectsOf(goal: Goal): Asked[] {
  const all = (kind: WhySubject['kind'], ids: readonly string[]) =>
    ids.map((id): Asked => ({ goal, subject: { kind, id } }));
  return [
    ...all('goal', [goal.id]),
    ...all('task', Object.keys(goal.tasks)),
    ...all('attempt', Object.keys(goal.attempts)),
    ...all('agent', Object.keys(goal.agents)),
    ...all('item', Object.keys(goal.items)),
  ];
}

/** By id, by the start or end of one, or by the name of an agent of an open goal. */
function find(world: World, given: string): Result<Asked, Fault> {
  const goals = Object.values(world.goals).filter((goal) => goal.status !== null);
  const named = goals.flatMap((goal) =>
    Object.values(goal.agents)
      .filter((agent) => !OVER.has(goal.status ?? '') && agent.name.toLowerCase() === given.toLowerCase())
      .map((agent): Asked => ({ goal, subject: { kind: 'agent', id: agent.id } })),
  );
  const [only] = named;
  if (only && named.length === 1) return ok(only);
  const all = goals.flatMap(subjectsOf);
  const id = pickId(
    all.map((each) => each.subject.id),
    given,
    'goal, task, agent or attempt',
  );
  if (!id.ok) return err({ ...id.error, tag: 'no-such-subject' });
  const found = all.find((each) => each.subject.id === id.value);
  return found ? ok(found) : err(faultOf('no-such-subject', `There is no "${given}".`, 'It is gone.', 'Look again.'));
}

function lines(io: CliIo, why: SaidWhy): string[] {
  const since = (at: number) => `for ${duration(io.now() - at)}`;
  const steps = why.chain
    .slice(1)
    .map((link, at) => `  ${'  '.repeat(at)}└ ${link.name}: ${link.sentence}, ${since(link.since)}`);
  const head = `${why.name}: ${why.sentence}, ${since(why.since)} (${why.ownerSays})`;
  return [head, ...steps, `  what helps: ${why.actionSays}`].map((line) => {
    const space = /^ */.exec(line)?.[0] ?? '';
    return `${space}${oneLine(line, io.columns() - space.length)}`;
  });
}

/** Of open goals: each goal that stands still, then its tasks that do. */
function ofEverything(world: World): Array<{ goal: Goal; whys: SaidWhy[] }> {
  const textOf = textsIn(world.texts);
  return Object.values(world.goals)
    .filter((goal) => goal.status !== null && !OVER.has(goal.status))
    .map((goal) => ({
      goal,
      whys: whysOf(goal)
        .filter((why) => why.subject.kind === 'goal' || why.subject.kind === 'task')
        .map((why) => sayWhy(goal, why, textOf)),
    }));
}

const codeOf = (whys: readonly SaidWhy[]): ExitCode =>
  whys.some((why) => why.owner === 'ceo') ? EXIT.needsCeo : EXIT.done;

function tellAll(io: CliIo, world: World, json: boolean): ExitCode {
  const all = ofEverything(world);
  const exitCode = codeOf(all.flatMap((each) => each.whys));
  if (json) {
    printJson(io, {
      type: 'result',
      exitCode,
      whys: all.flatMap(({ goal, whys }) => whys.map((why) => ({ goal: goal.id, ...why }))),
    });
    return exitCode;
  }
  for (const { goal, whys } of all)
    io.out(
      `${goal.id} ${oneLine(textsIn(world.texts)(goal.text), 80)}\n${whys.length === 0 ? 'everything moves\n' : ''}${whys.flatMap((why) => lines(io, why)).join('\n')}\n\n`,
    );
  if (all.length === 0) io.out('No goal is open.\n');
  return exitCode;
}

function tellOne(io: CliIo, world: World, { goal, subject }: Asked, json: boolean): ExitCode {
  const why = whyOf(goal, subject);
  const said = why && sayWhy(goal, why, textsIn(world.texts));
  const exitCode = codeOf(said ? [said] : []);
  if (json) printJson(io, { type: 'result', exitCode, goal: goal.id, subject, why: said });
  else io.out(said ? `${lines(io, said).join('\n')}\n` : 'It moves, or it is over.\n');
  return exitCode;
}

/** `aios why`. */
export const whyCommand: Command = {
  help: `Usage: aios why [GOAL|TASK|AGENT|ATTEMPT] [--json]

Says why it does not move, whose turn it is, since when, what it waits for down to the root, and one thing that helps.
Without a name: everything of the open goals that stands still. Ends with 4 when it is your turn, else with 0.`,
  async run(args, context) {
    const options = { json: { type: 'boolean' } } as const;
    const parsed = parseSafely(() => parseArgs({ args, options, allowPositionals: true, strict: true }));
    if (!parsed.ok) return printFault(context.io, parsed.error);
    const json = parsed.value.values.json === true;
    const [given, ...more] = parsed.value.positionals;
    if (more.length > 0)
      return printFault(context.io, usageFault('Name one thing.', '`aios why NAME` takes at most one.'), json);
    return withBackend(context, { mode: 'ask' }, json, async (backend) => {
      const world = await worldNow(backend.operations);
      if (!world.ok) return world;
      if (given === undefined) return ok(tellAll(context.io, world.value, json));
      const asked = find(world.value, given);
      return asked.ok ? ok(tellOne(context.io, world.value, asked.value, json)) : asked;
    });
  },
};
