import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUN_MARKER } from '#main/adapters/embedded/agent-launcher/markers.ts';
import { findMarked } from '#main/platform/process-tree.ts';
import type { StoredEvent } from '#main/ports/journal/port.ts';
import type { Step } from '../../agent-host/drivers/scripted/steps.ts';
import { startModelServer } from '../doubles/model-server.ts';
import { type Child, startChild } from './child.ts';
import { judge, readJournal, readLedger, type Verdict } from './judge.ts';
import type { OrchestratorSetup } from './orchestrator.ts';
import { contentOf, DONE, goalText, makeWorld, note, type PlannedTask, type World } from './world.ts';

/** What became of one agent-host that misbehaved. */
export interface HostFault {
  readonly fault: string;
  readonly outcome: string;
  /** Seconds from the fault to the stored end of the run. */
  readonly seconds: number;
  /** Processes of the run five seconds after its end. */
  readonly orphans: number;
}

/** What a crew with misbehaving hosts came to. */
export interface HostsSurvived {
  readonly faults: readonly HostFault[];
  /** Notes of the others that are missing or doubled. */
  readonly missed: number;
  /** Runs of the others that did not end by themselves. */
  readonly disturbed: number;
  readonly verdict: Verdict;
  readonly finished: boolean;
  readonly seconds: number;
  readonly problems: readonly string[];
}

const TICKS = 20;
const FLOOD_BYTES = 256 * 1024 * 1024;
/** Longest the whole may take before it counts as stuck. */
const PATIENCE_MS = 120_000;
const ORPHAN_GRACE_MS = 5_000;

const FAULTS: Readonly<Record<string, readonly Step[]>> = {
  crash: [{ crash: true }],
  // Not an endless hang: stopped before its checkpoint, the resumed run honestly repeats this step.
  stop: [{ pause: 8_000 }],
  flood: [{ flood: FLOOD_BYTES }],
  silent: [{ exitSilently: true }],
};

function planOf(world: World): PlannedTask[] {
  const task = (key: string, steps: readonly Step[]): PlannedTask => ({
    key,
    dependsOn: [],
    steps: [
      note(world, key, 'begin'),
      { edit: { path: `files/${key}.txt`, content: contentOf(key) } },
      ...steps,
      { mcp: { tool: 'send_message', input: { to: 'ceo', subject: `news of ${key}`, body: 'It goes well.' } } },
      note(world, key, 'end'),
      DONE,
    ],
  });
  const ticks = Array.from({ length: TICKS }, (_, index): Step[] => [
    note(world, 'other', `tick${index}`),
    { pause: 400 },
  ]);
  const victims = Object.entries(FAULTS).map(([fault, steps]) =>
    // A process of its own session: killing the host's group alone would leave it behind.
    task(fault, [{ shell: ['setsid', '-f', 'sleep', '600'] }, note(world, fault, 'fault'), ...steps]),
  );
  return [...victims, task('other', ticks.flat())];
}

/** A host that was started before its run was known says whose it is by its title. */
function isHostOf(pid: number, run: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(run);
  } catch {
    return false;
  }
}

async function pidsOf(run: string): Promise<number[]> {
  const marked = await findMarked(RUN_MARKER);
  return marked.filter(({ pid, value }) => value === run || isHostOf(pid, run)).map((each) => each.pid);
}

/** Stops every process of the run, as a debugger or an exhausted machine would. */
async function stopRun(world: World, child: Child): Promise<{ run: string; at: number }> {
  for (;;) {
    const noted = readLedger(world).find((line) => line.key === 'stop' && line.point === 'fault');
    if (noted) {
      for (const pid of await pidsOf(noted.run)) process.kill(pid, 'SIGSTOP');
      return { run: noted.run, at: Date.now() };
    }
    // The ledger is written by another process: its next line is the event that is waited for.
    const ended = await Promise.race([
      child.exited.then(() => true),
      new Promise<false>((resolve) => setTimeout(resolve, 50, false)),
    ]);
    if (ended) throw new Error('the orchestrator ended before the run could be stopped');
  }
}

async function orphansAfter(run: string, endedAt: number): Promise<number> {
  const left = Math.max(0, endedAt + ORPHAN_GRACE_MS - Date.now());
  await new Promise((resolve) => setTimeout(resolve, left));
  return (await pidsOf(run)).length;
}

function endOf(events: readonly StoredEvent[], run: string): { outcome: string; at: number } | undefined {
  const found = events.find((event) => event.type === 'run.ended' && (event.data as { run: string }).run === run);
  return found && { outcome: (found.data as { outcome: string }).outcome, at: found.at };
}

/** Four hosts misbehave, each in its way, while another works. */
export async function surviveHosts(resources: string): Promise<HostsSurvived> {
  const started = performance.now();
  const world = makeWorld({ workers: 5 });
  const plan = planOf(world);
  const model = await startModelServer(() => ({ blocks: [{ type: 'text', text: 'Indeed.' }] }));
  const setupFile = join(world.folder, 'setup.json');
  const setup: OrchestratorSetup = {
    home: world.home,
    app: world.app,
    crew: world.crew,
    goal: goalText(plan),
    upstream: model.url,
    resources,
    agents: 5,
    answers: false,
    verify: 'test -f README.md',
    since: Date.now(),
    hurry: 1,
  };
  writeFileSync(setupFile, JSON.stringify(setup));
  const child = startChild(setupFile);
  const patience = setTimeout(child.kill, PATIENCE_MS);
  const stopped = await stopRun(world, child);
  await child.heard((said) => said.at === 'ended' && said.run === stopped.run);
  const orphansOfStopped = await orphansAfter(stopped.run, Date.now());
  await child.heard((said) => said.at === 'accepted');
  const { code, stderr } = await child.exited;
  clearTimeout(patience);
  const stored = await readJournal(world);
  const { events } = stored;
  const lines = readLedger(world);
  const faults = await Promise.all(
    Object.keys(FAULTS).map(async (fault): Promise<HostFault> => {
      const run = lines.find((line) => line.key === fault && line.point === 'fault')?.run ?? '';
      const end = endOf(events, run);
      const begun =
        fault === 'stop'
          ? stopped.at
          : (events.find((e) => e.type === 'run.started' && (e.data as { run: string }).run === run)?.at ?? 0);
      const orphans = fault === 'stop' ? orphansOfStopped : (await pidsOf(run)).length;
      return { fault, outcome: end?.outcome ?? 'none', seconds: ((end?.at ?? 0) - begun) / 1000, orphans };
    }),
  );
  const ticks = lines.filter((line) => line.point.startsWith('tick'));
  const othersRuns = new Set(lines.filter((line) => line.key === 'other').map((line) => line.run));
  const disturbed = [...othersRuns].filter((run) => endOf(events, run)?.outcome !== 'completed').length;
  const keys = plan.map((task) => task.key);
  const expected = { keys, work: keys.length, messages: keys.length, served: 0 };
  const verdict = await judge(world, stored, expected);
  await model.close();
  const finished = code === 0;
  const clean = finished && verdict.why.length === 0;
  if (clean) rmSync(world.folder, { recursive: true, force: true });
  return {
    faults,
    missed:
      TICKS -
      new Set(ticks.map((tick) => tick.point)).size +
      (ticks.length - new Set(ticks.map((tick) => tick.point)).size),
    disturbed: disturbed + othersRuns.size - 1,
    verdict,
    finished,
    seconds: (performance.now() - started) / 1000,
    problems: [
      ...(clean ? [] : [`kept: ${world.folder}`, stderr.slice(-1500)]),
      ...child.said.flatMap((said) =>
        said.at === 'item' ? [said.title.slice(0, 300)] : said.at === 'problem' ? [said.text] : [],
      ),
    ],
  };
}
