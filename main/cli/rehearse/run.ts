import { runCommand } from '#main/features/workspaces/index.ts';
import { faultOf } from '#protocol/model/fault.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { homeOf } from '../home.ts';
import { type CliIo, printFault, printJson } from '../io.ts';
import { PLACES } from '../places.ts';
import { acceptGoal } from '../run/finish.ts';
import { showGoal } from '../show-goal.ts';
import { EXIT_OF } from '../verdict.ts';
import { watchGoal } from '../watch-goal.ts';
import { type RehearsalReport, reportOn } from './report.ts';
import { openStage, type Stage } from './stage.ts';

/** What `aios rehearse` was asked for. */
export interface RehearseOptions {
  readonly script: string;
  readonly seed: number;
  readonly json: boolean;
}

/** Thinking time of the scripted model, milliseconds: enough to see, not to wait. */
const LATENCY = { min: 20, max: 200 };
const SETTLE_MS = 3_000;
const TEST_TIMEOUT_MS = 120_000;

function sayReport(io: CliIo, report: RehearsalReport): void {
  const lines = [
    '',
    'Tasks',
    ...report.tasks.map((task) => `  ${task.status.padEnd(10)} ${task.role.padEnd(9)} ${task.title}`),
    '',
    'Who said what to whom',
    ...report.conversation.map((said) => `  ${said.from} -> ${said.to}: ${said.kind}: ${said.subject}`),
    ...(report.conversation.length === 0 ? ['  nobody had to'] : []),
    '',
    `Merges on ${report.branch}`,
    ...report.graph.split('\n').map((line) => `  ${line}`),
    '',
    `${report.conflicts} conflicts resolved by agents, ${report.failedChecks} failed checks sent back.`,
    `Scripted model calls: ${report.spend.calls}, which would have cost ${report.spend.usd}. Real spend: $0.00.`,
    `The app: ${report.app}`,
    '',
  ];
  io.err(lines.join('\n'));
}

/** The app's own tests, where the goal was brought to. */
async function testApp(stage: Stage): Promise<number | null> {
  const outcome = await runCommand({
    command: 'npm test',
    cwd: stage.app,
    env: { HOME: stage.home },
    timeoutMs: TEST_TIMEOUT_MS,
    outputLimit: 16_384,
    marker: { name: 'AIOS_RUN', value: `rehearsal-tests-${stage.goal}` },
  });
  return outcome.exitCode;
}

async function play(stage: Stage, options: RehearseOptions, io: CliIo): Promise<ExitCode> {
  const { operations } = stage.orchestrator;
  const interrupt = new AbortController();
  const stopListening = io.onInterrupt(() => interrupt.abort());
  const show = showGoal(io, stage.goal, options.json);
  const watched = await watchGoal(operations, {
    goal: stage.goal,
    stay: false,
    settleMs: SETTLE_MS,
    signal: interrupt.signal,
    onWorld: show.onWorld,
  });
  show.end();
  stopListening();
  if (!watched.ok) return printFault(io, watched.error, options.json);
  const { verdict } = watched.value;
  if (verdict === 'ready') {
    const accepted = await acceptGoal(operations, stage.goal);
    if (!accepted.ok) return printFault(io, accepted.error, options.json);
  }
  const report = await reportOn(operations, stage.goal, stage.app);
  if (!report)
    return printFault(
      io,
      faultOf('no-report', 'There is nothing to report.', 'The goal is gone.', 'Rehearse again.'),
      options.json,
    );
  const tests = report.accepted ? await testApp(stage) : null;
  const exitCode =
    report.accepted && tests === 0
      ? EXIT.done
      : verdict === 'moving'
        ? EXIT.stopped
        : verdict === 'ready'
          ? EXIT.failed
          : EXIT_OF[verdict];
  if (options.json) printJson(io, { type: 'result', exitCode, verdict, tests, ...report });
  else {
    sayReport(io, report);
    for (const item of report.open) io.err(`Waits for ${item.owner}: ${item.kind}: ${item.title}\n`);
    io.err(
      report.accepted
        ? `The goal is merged into main of the app; its own tests ${tests === 0 ? 'pass' : 'FAIL'} there.\n`
        : `Ended: ${report.status}.\n`,
    );
  }
  return exitCode;
}

/** Plays a rehearsal to its end and says what happened. Leaves nothing behind but its folder in the data folder. */
export async function runRehearsal(options: RehearseOptions, io: CliIo): Promise<ExitCode> {
  const stage = await openStage(
    { home: homeOf(io.env), upstreams: [], executable: null, agentCap: null, resources: PLACES.resources },
    { script: options.script, seed: String(options.seed), latency: LATENCY },
  );
  if (!stage.ok) return printFault(io, stage.error, options.json);
  io.err(
    `Demo crew (scripted model, no key). Agents, git, tests and merges are real; only the model's words are scripted.\nGoal: ${stage.value.script.goal}\nApp:  ${stage.value.app}\n`,
  );
  try {
    return await play(stage.value, options, io);
  } finally {
    await stage.value.close();
  }
}
