import { mkdtempSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStage, type Stage, type StageOptions } from '#main/cli/rehearse/stage.ts';
import { runCommand } from '#main/features/workspaces/index.ts';
import type { FeedMessage } from '#protocol/contract/feed.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { git, goalOf, RESOURCES, sketch, snapshotOf, value } from '../scenarios/kit.ts';

/** How a rehearsal came to rest. */
export interface Ending {
  /** A state with a name: `merged`, `waits for the CEO`, `stuck` or `stopped`; `hangs` where none was reached. */
  readonly state: 'merged' | 'waits for the CEO' | 'stuck' | 'stopped' | 'hangs';
  /** Why, in the words of the journal; empty where it is merged. */
  readonly causes: readonly string[];
  /** Who can move it on; null where nobody has to, or nobody is named. */
  readonly owner: 'ceo' | null;
}

/** What a rehearsal left, found out by us and not by AIOS. */
export interface Played {
  readonly ending: Ending;
  readonly status: string;
  /** Whether AIOS let the CEO accept the goal. */
  readonly accepted: boolean;
  /** The acceptance program on the CEO's branch, after all of it. */
  readonly acceptance: 'passes' | 'fails';
  /** Whether the CEO's branch and files are as they were at the start. */
  readonly untouched: boolean;
  /** Process ids that outlived the rehearsal. */
  readonly leftBehind: readonly string[];
  /** Until it came to rest. */
  readonly seconds: number;
  /** The goal in few words. */
  readonly sketch: string;
}

const SETTLED: ReadonlySet<string> = new Set(['merged', 'completed', 'failed', 'cancelled', 'waiting']);

/** How the goal rests, when nothing of it moves any more without the CEO; null while something may. */
export function endingOf(goal: Goal): Ending | null {
  if (goal.status === 'ready' || goal.status === 'accepted') return { state: 'merged', causes: [], owner: null };
  const attempts = Object.values(goal.attempts);
  if (attempts.length === 0 || attempts.some((each) => !SETTLED.has(each.status) || each.wait?.owner === 'system')) {
    return null;
  }
  const open = Object.values(goal.items).filter((item) => item.closed === null);
  const owner = open.length > 0 ? 'ceo' : null;
  const failures = attempts.flatMap((each) => (each.status === 'failed' && each.cause ? [each.cause] : []));
  const waits = attempts.flatMap((each) =>
    each.status === 'waiting' && each.wait?.owner === 'ceo' ? [each.wait.cause] : [],
  );
  if (waits.length > 0) return { state: 'waits for the CEO', causes: [...new Set([...waits, ...failures])], owner };
  if (goal.status !== 'stuck' && goal.status !== 'stopped') return null;
  const whole = open.flatMap((item) => (item.task === null ? [`${item.kind} of the whole`] : []));
  return { state: goal.status, causes: [...new Set([...failures, ...whole])], owner };
}

async function rest({ orchestrator, goal }: Stage, limitSeconds: number): Promise<{ goal: Goal; ending: Ending }> {
  const { operations } = orchestrator;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), limitSeconds * 1_000);
  try {
    const watched = value(await operations.feed.watch({ after: (await snapshotOf(operations)).sequence }, stop.signal));
    for await (const message of watched as AsyncIterable<FeedMessage>) {
      if (message.kind !== 'events') continue;
      const now = await goalOf(operations, goal);
      const ending = endingOf(now);
      if (ending) return { goal: now, ending };
    }
    return { goal: await goalOf(operations, goal), ending: { state: 'hangs', causes: [], owner: null } };
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

/** The acceptance program, run by us on the CEO's branch: independent of what AIOS said. */
async function acceptance(stage: Stage, script: string): Promise<Played['acceptance']> {
  const program = join(RESOURCES, 'rehearsals', `${script}.acceptance.mjs`);
  const outcome = await runCommand({
    command: `'${process.execPath}' '${program}'`,
    cwd: stage.app,
    env: { HOME: stage.home },
    timeoutMs: 60_000,
    outputLimit: 16_384,
    marker: { name: 'AIOS_RUN', value: `acceptance-${stage.goal}` },
  });
  return outcome.exitCode === 0 ? 'passes' : 'fails';
}

/** Where the CEO's branch is and what is changed in the files. */
async function users(app: string): Promise<string> {
  return `${await git(app, 'rev-parse', 'main')} ${await git(app, 'status', '--porcelain')}`;
}

/** Processes that carry a data folder's mark. Nothing is found but on Linux. */
export function leftBehind(home: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
      return /(^|\0)AIOS_/.test(environment) && environment.includes(home);
    } catch {
      return false;
    }
  });
}

/** Plays a rehearsal until it rests, at most so many seconds, and tries to accept what came of it. Leaves nothing. */
export async function play(options: StageOptions, limitSeconds: number): Promise<Played> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'aios-rehearsed-')));
  const start = performance.now();
  const base = { home, upstreams: [], executable: null, agentCap: null, resources: RESOURCES };
  const stage = value(await openStage(base, options));
  let closed = false;
  try {
    const before = await users(stage.app);
    const { goal, ending } = await rest(stage, limitSeconds);
    const seconds = (performance.now() - start) / 1_000;
    const accept = await stage.orchestrator.operations.goals.accept({ goal: stage.goal }, undefined);
    const accepted = accept.ok && accept.value.result === 'accepted';
    const checked = await acceptance(stage, options.script);
    const untouched = (await users(stage.app)) === before;
    await stage.close();
    closed = true;
    const status = accepted ? 'accepted' : (goal.status ?? '');
    const facts = { ending, status, accepted, acceptance: checked, untouched, seconds, sketch: sketch(goal) };
    return { ...facts, leftBehind: leftBehind(home) };
  } finally {
    if (!closed) await stage.close();
    await rm(home, { recursive: true, force: true });
  }
}
