import { parseArgs } from 'node:util';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { Operations } from '#main/server/operations.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { ANSWERS } from '#protocol/model/goal/answers.ts';
import { openItems, textsIn } from '#protocol/model/goal/describe.ts';
import { answer } from '#protocol/model/goal/parts.ts';
import type { World } from '#protocol/model/world.ts';
import { numberOf, parseSafely, usageFault } from '../arguments.ts';
import type { Command, CommandContext } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { pickId, worldNow } from '../find.ts';
import { type CliIo, printFault, printJson } from '../io.ts';
import { harmless, oneLine } from '../text.ts';
import { withBackend } from '../with-backend.ts';

const HELP = `Usage: aios inbox [list] [--json]
       aios inbox answer GOAL ITEM ANSWER [--text TEXT] [--cap USD]

Shows what needs you, whole and never shortened, and answers it. ANSWER is one of those shown with the item.

  --text TEXT   What you say (for "reply"; a reason for the others)
  --cap USD     A new cap for the goal, before the answer (for budgets)`;

const OPTIONS = { text: { type: 'string' }, cap: { type: 'string' }, json: { type: 'boolean' } } as const;

function list(io: CliIo, world: World, json: boolean): void {
  const textOf = textsIn(world.texts);
  const items = Object.values(world.goals).flatMap((goal) => openItems(goal).map((item) => ({ goal, item })));
  if (json) {
    const plain = items.map(({ goal, item }) => ({
      goal: goal.id,
      item: item.id,
      kind: item.kind,
      title: textOf(item.title),
      detail: textOf(item.detail),
      openedAt: item.openedAt,
      answers: ANSWERS[item.kind],
    }));
    return printJson(io, { type: 'result', exitCode: EXIT.done, items: plain });
  }
  if (items.length === 0) io.out('Nothing needs you.\n');
  for (const { goal, item } of items) {
    io.out(`${item.kind}: ${oneLine(textOf(item.title))}\n  of: ${oneLine(textOf(goal.text), 100)}\n`);
    if (item.detail)
      io.out(
        `${harmless(textOf(item.detail))
          .split('\n')
          .map((line) => `  | ${line}`)
          .join('\n')}\n`,
      );
    io.out(`  aios inbox answer ${goal.id} ${item.id} ${ANSWERS[item.kind].join('|')}\n\n`);
  }
}

interface Given {
  readonly goal: string;
  readonly item: string;
  readonly answer: string;
  readonly text: string;
  readonly cap: number | undefined;
}

async function give(operations: Operations, given: Given): Promise<Result<void, Fault>> {
  const said = answer.safeParse(given.answer);
  if (!said.success)
    return err(usageFault(`"${given.answer}" is no answer.`, `Answers are: ${answer.options.join(', ')}.`));
  const world = await worldNow(operations);
  if (!world.ok) return world;
  const goal = pickId(Object.keys(world.value.goals), given.goal, 'goal');
  if (!goal.ok) return goal;
  const item = pickId(Object.keys(world.value.goals[goal.value]?.items ?? {}), given.item, 'item');
  if (!item.ok) return item;
  if (given.cap !== undefined) {
    const attempt = world.value.goals[goal.value]?.items[item.value]?.attempt ?? null;
    const raised = await operations.goals.setCap(
      { goal: goal.value, usd: given.cap, ...(attempt === null ? {} : { attempt }) },
      undefined,
    );
    if (!raised.ok) return raised;
    // A new cap may have answered the item already.
    const now = await worldNow(operations);
    if (now.ok && now.value.goals[goal.value]?.items[item.value]?.closed) return ok(undefined);
  }
  const answered = await operations.goals.answer(
    { goal: goal.value, item: item.value, answer: said.data, text: given.text },
    undefined,
  );
  return answered.ok ? ok(undefined) : answered;
}

function answerItem(context: CommandContext, given: Given, json: boolean) {
  return withBackend(context, { mode: 'ask' }, json, async (backend) => {
    const answered = await give(backend.operations, given);
    if (!answered.ok) return answered;
    if (json) printJson(context.io, { type: 'result', exitCode: EXIT.done });
    else
      context.io.err(
        backend.attached
          ? 'Answered.\n'
          : 'Answered; it takes effect when an orchestrator runs (aios run --resume, aios serve).\n',
      );
    return ok(EXIT.done);
  });
}

/** `aios inbox`. */
export const inboxCommand: Command = {
  help: HELP,
  async run(args, context) {
    const parsed = parseSafely(() => parseArgs({ args, options: OPTIONS, allowPositionals: true, strict: true }));
    if (!parsed.ok) return printFault(context.io, parsed.error);
    const { values, positionals } = parsed.value;
    const json = values.json === true;
    const [verb = 'list', goal, item, said, ...more] = positionals;
    const cap = numberOf('cap', values.cap, { least: 0, most: 1_000_000 });
    if (!cap.ok) return printFault(context.io, cap.error, json);
    if (verb === 'list' && goal === undefined)
      return withBackend(context, { mode: 'ask' }, json, async (backend) => {
        const world = await worldNow(backend.operations);
        if (world.ok) list(context.io, world.value, json);
        return world.ok ? ok(EXIT.done) : world;
      });
    if (verb !== 'answer' || goal === undefined || item === undefined || said === undefined || more.length > 0)
      return printFault(
        context.io,
        usageFault('The command was not understood.', 'It is `aios inbox`, or `aios inbox answer GOAL ITEM ANSWER`.'),
        json,
      );
    return answerItem(context, { goal, item, answer: said, text: values.text ?? '', cap: cap.value }, json);
  },
};
