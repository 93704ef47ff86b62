import { parseArgs } from 'node:util';
import { follow } from '#main/client/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { Operations } from '#main/server/operations.ts';
import type { AgentEvent } from '#protocol/agent/event.ts';
import type { TranscriptView } from '#protocol/contract/feed.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { Run } from '#protocol/model/goal/state.ts';
import type { World } from '#protocol/model/world.ts';
import { parseSafely, usageFault } from '../arguments.ts';
import type { Command, CommandContext } from '../command.ts';
import { worldNow } from '../find.ts';
import { type CliIo, printFault, printJson } from '../io.ts';
import { harmless, oneLine } from '../text.ts';
import { withBackend } from '../with-backend.ts';

const HELP = `Usage: aios logs [RUN|AGENT] [--follow] [--json]

Shows what an agent did: its words, its tool calls and what came back. Without a name: the newest run.

  --follow   Go on until the run ends
  --json     The lines as newline-delimited JSON`;

const OPTIONS = { follow: { type: 'boolean' }, json: { type: 'boolean' } } as const;

function lineOf(event: AgentEvent): string | null {
  switch (event.type) {
    case 'started':
      return `started (${event.loaded.tools.length} tools)`;
    case 'text':
      return harmless(event.text);
    case 'tool-call':
      return `> ${event.tool}: ${oneLine(event.title, 300)}`;
    case 'tool-result':
      return `< ${event.ok ? '' : 'failed: '}${oneLine(event.output, 300)}`;
    case 'deferred':
      return `? ${oneLine(event.call.title, 300)}`;
    case 'denied':
      return `denied: ${oneLine(event.title, 200)} (${oneLine(event.reason, 200)})`;
    case 'finished':
      return `finished: ${event.reason}`;
    case 'failed':
      return `failed: ${oneLine(`${event.fault.what} ${event.fault.why}`, 400)}`;
    case 'thinking':
    case 'usage':
      return null;
  }
}

function show(io: CliIo, line: TranscriptView, json: boolean): void {
  if (json) return printJson(io, line);
  const text = lineOf(line.event);
  if (text !== null) io.out(`${new Date(line.at).toISOString().slice(11, 19)} ${text}\n`);
}

/** The run that is meant: its id, the newest of an agent (id, name or role), or the newest of all. */
export function findRun(world: World, given: string | undefined): Run | null {
  const runs = Object.values(world.goals).flatMap((goal) =>
    Object.values(goal.runs).map((run) => ({ run, agent: goal.agents[run.agent] })),
  );
  const named = (value: string | undefined) => value?.toLowerCase() === given?.toLowerCase();
  const fitting = runs.filter(
    ({ run, agent }) =>
      given === undefined || run.id === given || run.agent === given || named(agent?.name) || named(agent?.role),
  );
  return fitting.map(({ run }) => run).sort((one, other) => other.orderedAt - one.orderedAt)[0] ?? null;
}

/** Prints what is new of a transcript; returns the sequence it has come to. */
async function showNew(
  io: CliIo,
  operations: Operations,
  run: string,
  after: number,
  json: boolean,
): Promise<Result<number, Fault>> {
  const lines = await operations.feed.transcript({ run }, undefined);
  if (!lines.ok) return lines;
  const fresh = lines.value.filter((line) => line.sequence > after);
  for (const line of fresh) show(io, line, json);
  return ok(fresh.at(-1)?.sequence ?? after);
}

/** Prints until the run has ended: every change of the world is an occasion to look. */
async function followRun(
  context: CommandContext,
  operations: Operations,
  run: string,
  from: number,
  json: boolean,
): Promise<Result<undefined, Fault>> {
  const ended = new AbortController();
  const stopListening = context.io.onInterrupt(() => ended.abort());
  let shown: Promise<Result<number, Fault>> = Promise.resolve(ok(from));
  const onWorld = (world: World) => {
    const over = Object.values(world.goals).some((goal) => goal.runs[run]?.status === 'ended');
    shown = shown.then(async (before) => {
      const now = before.ok ? await showNew(context.io, operations, run, before.value, json) : before;
      if (over || !now.ok) ended.abort();
      return now;
    });
  };
  const followed = await follow(operations, { onWorld }, ended.signal);
  stopListening();
  const last = await shown;
  if (!last.ok) return last;
  return followed.ok ? ok(undefined) : followed;
}

/** `aios logs`. */
export const logsCommand: Command = {
  help: HELP,
  async run(args, context) {
    const parsed = parseSafely(() => parseArgs({ args, options: OPTIONS, allowPositionals: true, strict: true }));
    if (!parsed.ok) return printFault(context.io, parsed.error);
    const { values, positionals } = parsed.value;
    const json = values.json === true;
    if (positionals.length > 1)
      return printFault(context.io, usageFault('Name one run or agent.', 'There is more than one.'), json);
    return withBackend(context, { mode: 'ask' }, json, async (backend) => {
      const world = await worldNow(backend.operations);
      if (!world.ok) return world;
      const run = findRun(world.value, positionals[0]);
      if (!run)
        return err(
          faultOf(
            'no-such-run',
            'There is no such run.',
            'No run or agent has that name, or none has run yet.',
            'Look at `aios status`.',
          ),
        );
      const shown = await showNew(context.io, backend.operations, run.id, -1, json);
      if (!shown.ok) return shown;
      return values.follow === true && run.status !== 'ended'
        ? followRun(context, backend.operations, run.id, shown.value, json)
        : ok(undefined);
    });
  },
};
