import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStage, type Stage, type StageOptions } from '#main/cli/rehearse/stage.ts';
import { runCommand } from '#main/features/workspaces/index.ts';
import { type Mutation, mutateScript } from '#main/rehearsal/index.ts';
import type { FeedMessage } from '#protocol/contract/feed.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { goalOf, snapshotOf, value } from '../scenarios/kit.ts';

/** One rehearsal of the table. */
interface Row {
  readonly script: string;
  readonly seed: string;
  readonly mutation: Mutation | null;
  readonly status: string;
  readonly why: string;
  readonly acceptance: 'passes' | 'fails' | 'none';
  readonly seconds: number;
  readonly good: boolean;
}

const RESOURCES = fileURLToPath(new URL('../../resources', import.meta.url));
const MUTATIONS: readonly Mutation[] = ['wrong-code', 'dropped-turn', 'false-done', 'endless-talk'];
/** The crew rehearsal's own promise is 120 s; mutated ones take their nudges and second attempts. */
const LIMIT_SECONDS = 240;
const SEEDS = Number(process.env['SEEDS'] ?? 3);
const ONLY = process.env['ONLY'] ?? '';

const SETTLED: ReadonlySet<string> = new Set(['merged', 'completed', 'failed', 'cancelled', 'waiting']);

/** Nothing moves any more without the CEO, for a reason that is written down; null while something may still move. */
function settledWhy(goal: Goal): string | null {
  if (goal.status === 'ready' || goal.status === 'accepted') return 'merged';
  const attempts = Object.values(goal.attempts);
  if (attempts.some((each) => !SETTLED.has(each.status) || each.wait?.owner === 'system')) return null;
  const items = Object.values(goal.items).filter((item) => item.closed === null);
  const waits = attempts.flatMap((each) =>
    each.status === 'waiting' && each.wait?.owner === 'ceo' ? [`${each.wait.cause} (ceo)`] : [],
  );
  if (waits.length > 0) return waits.join(', ');
  if (goal.status !== 'stuck' && goal.status !== 'stopped') return null;
  const causes = attempts.flatMap((each) => (each.status === 'failed' && each.cause ? [each.cause] : []));
  return items.length > 0 ? `${[...new Set(causes)].join(', ') || 'the check of the whole fails'} (ceo)` : null;
}

async function end({ orchestrator, goal }: Stage): Promise<{ goal: Goal; why: string | null }> {
  const { operations } = orchestrator;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), LIMIT_SECONDS * 1_000);
  try {
    const watched = value(await operations.feed.watch({ after: (await snapshotOf(operations)).sequence }, stop.signal));
    for await (const message of watched as AsyncIterable<FeedMessage>) {
      if (message.kind !== 'events') continue;
      const now = await goalOf(operations, goal);
      const why = settledWhy(now);
      if (why !== null) return { goal: now, why };
    }
    return { goal: await goalOf(operations, goal), why: null };
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

/** The acceptance program, run by us on the accepted branch: independent of what AIOS said. */
async function acceptance(stage: Stage, script: string): Promise<Row['acceptance']> {
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

async function play(script: string, seed: string, mutation: Mutation | null): Promise<Row> {
  const home = mkdtempSync(join(tmpdir(), 'aios-seeds-'));
  const start = performance.now();
  const options: StageOptions = {
    script,
    seed,
    latency: { min: 0, max: mutation === null ? 400 : 30 },
    ...(mutation === null ? {} : { turns: 30, minutes: 2, alter: (played) => mutateScript(played, mutation, seed) }),
  };
  const stage = value(
    await openStage({ home, upstreams: [], executable: null, agentCap: null, resources: RESOURCES }, options),
  );
  try {
    const ended = await end(stage);
    const { status } = ended.goal;
    const accepted =
      status === 'ready' &&
      value(await stage.orchestrator.operations.goals.accept({ goal: stage.goal }, undefined)).result === 'accepted';
    const checked = accepted ? await acceptance(stage, script) : 'none';
    const merged = accepted && checked === 'passes';
    // A harmless mutation (a step nobody needed) may end merged; a false end never may.
    const good = mutation === null ? merged : merged || (status !== 'ready' && ended.why !== null);
    const seconds = (performance.now() - start) / 1_000;
    return {
      script,
      seed,
      mutation,
      status: accepted ? 'accepted' : (status ?? ''),
      why: ended.why ?? 'HANGS',
      acceptance: checked,
      seconds,
      good,
    };
  } finally {
    await stage.close();
    await rm(home, { recursive: true, force: true });
  }
}

function line(row: Row): string {
  const cells = [
    row.script.padEnd(5),
    row.seed.padStart(4),
    (row.mutation ?? '-').padEnd(13),
    row.status.padEnd(9),
    row.acceptance.padEnd(7),
    `${row.seconds.toFixed(1)} s`.padStart(8),
  ];
  return `${row.good ? '  ok ' : ' BAD '} ${cells.join('  ')}  ${row.why.slice(0, 110)}`;
}

const seeds = Array.from({ length: SEEDS }, (_, index) => String(index + 1));
const plan: ReadonlyArray<readonly [string, string, Mutation | null]> = [
  ...seeds.map((seed) => ['crew', seed, null] as const),
  ...MUTATIONS.flatMap((mutation) => seeds.map((seed) => ['solo', seed, mutation] as const)),
  ...MUTATIONS.map((mutation) => ['crew', '1', mutation] as const),
].filter(([script, , mutation]) => ONLY === '' || `${script} ${mutation ?? 'plain'}`.includes(ONLY));

const rows: Row[] = [];
for (const [script, seed, mutation] of plan) {
  const row = await play(script, seed, mutation);
  rows.push(row);
  console.log(line(row));
}
const bad = rows.filter((row) => !row.good).length;
console.log(`${rows.length} rehearsals, ${rows.length - bad} as promised, ${bad} not.`);
process.exitCode = bad === 0 ? 0 : 1;
