import { ok, type Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';
import type { Backend } from '../backend.ts';
import type { Command, CommandContext } from '../command.ts';
import type { ExitCode } from '../exit-codes.ts';
import { printFault } from '../io.ts';
import { endOf, sayEnd } from '../run/finish.ts';
import { RUN_HELP, type RunOptions, runOptions } from '../run/options.ts';
import { prepareRun } from '../run/prepare.ts';
import { showGoal } from '../show-goal.ts';
import { watchGoal } from '../watch-goal.ts';
import { withBackend } from '../with-backend.ts';

const SETTLE_MS = 1_500;

async function watchToEnd(
  context: CommandContext,
  backend: Backend,
  goal: string,
  options: RunOptions,
): Promise<Result<ExitCode, Fault>> {
  const { io } = context;
  const interrupt = new AbortController();
  const stopListening = io.onInterrupt(() => interrupt.abort());
  const show = showGoal(io, goal, options.json);
  const watched = await watchGoal(backend.operations, {
    goal,
    stay: io.isTty && !options.json,
    settleMs: SETTLE_MS,
    signal: interrupt.signal,
    onWorld: show.onWorld,
  });
  show.end();
  if (!watched.ok) return watched;
  const end = await endOf(backend.operations, watched.value, goal, options.accept, interrupt.signal.aborted);
  stopListening();
  if (!end.ok) return end;
  sayEnd(io, watched.value, goal, end.value, options.json);
  if (interrupt.signal.aborted)
    io.err(
      backend.attached
        ? 'The running orchestrator goes on without this window.\n'
        : 'Ending runs cleanly; press Ctrl-C again to leave at once.\n',
    );
  return ok(end.value.exitCode);
}

/** `aios run`: the main job, without a window. */
export const runCommand: Command = {
  help: RUN_HELP,
  async run(args, context) {
    const options = runOptions(args, context.io.cwd);
    if (!options.ok) return printFault(context.io, options.error, args.includes('--json'));
    const { json, upstreamUrl } = options.value;
    return withBackend(context, { mode: 'work', upstreamUrl }, json, async (backend) => {
      const goal = await prepareRun(backend.operations, options.value, (line) => context.io.err(`${line}\n`));
      return goal.ok ? watchToEnd(context, backend, goal.value, options.value) : goal;
    });
  },
};
