import type { Step } from '../../agent-host/drivers/scripted/steps.ts';
import { contentIn, gitOf } from './judge.ts';
import { dataOf, type Evidence, type Kept, once, type Scenario, text } from './scenario.ts';
import { contentOf, DONE, type PlannedTask, type World, workTask } from './world.ts';

/** A check of a second counts as one of a minute: checks that long are what batches are for. */
const HURRY = 60;
const MOST_FIXES = 3;

const file = (name: string) => `files/${name}.txt`;
/** What a file two share holds when one changes it without the other. */
const alone = (key: string) => `${key} alone\n`;
const edit = (name: string, content: string): Step => ({ edit: { path: file(name), content } });

/** Two that pass alone and fail together until the water is mended, two that change the same lines, and two that harm nobody. */
function group(world: World, index: number): PlannedTask[] {
  const [oil, water, shared] = [`oil${index}`, `water${index}`, `shared${index}`];
  const both: Step[] = [{ rest: true }, edit(shared, contentOf(shared)), DONE];
  // Whoever conflicts is resumed and settles it, as often as it takes.
  const settled = Array.from({ length: MOST_FIXES }, () => both).flat();
  const side = (key: string): PlannedTask => {
    const task = workTask(world, key, [edit(shared, alone(key))]);
    return { ...task, steps: [...task.steps, ...settled] };
  };
  return [
    workTask(world, `plain${index}`, []),
    workTask(world, oil, []),
    workTask(world, water, [edit(water, 'pure\n')]),
    side(`left${index}`),
    side(`right${index}`),
    workTask(world, `simple${index}`, []),
  ];
}

/** Fails where oil is beside pure water, and says how the water is mended: a script for whoever is told. */
const CHECK = `
import { existsSync, readdirSync, readFileSync } from 'node:fs';
await new Promise((done) => setTimeout(done, 1_000));
const text = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '');
for (const name of existsSync('files') ? readdirSync('files') : []) {
  const index = /^oil(\\d+)[.]txt$/.exec(name)?.[1];
  const water = 'files/water' + index + '.txt';
  if (index === undefined || text(water) !== 'pure\\n') continue;
  const mended = { edit: { path: water, content: 'made by water' + index + '\\n' } };
  console.log(JSON.stringify([mended, ${JSON.stringify(DONE)}]));
  process.exit(1);
}
`;

function plan(world: World, count: number): PlannedTask[] {
  return Array.from({ length: count }, (_, index) => group(world, index)).flat();
}

/** Keys of merges on the goal's own line. */
function keysOnBranch({ world, goal }: Evidence): string[] {
  const format = '--format=%(trailers:key=AIOS-Merge,valueonly,separator=%x2C)';
  return gitOf(world, 'log', '--first-parent', '--merges', format, goal.branch)
    .split('\n')
    .filter((line) => line !== '');
}

interface Landed {
  /** Its merge on the goal's line. */
  readonly commit: string;
  /** Where its workspace began. */
  readonly base: string;
}

/**
 * Whether both had their say about the file they share: they agreed on it, or one of them, delayed by kills, began only when
 * the other was merged, saw that, and changed it without a conflict.
 */
function settledBetween({ world, goal }: Evidence, index: number, landed: ReadonlyMap<string, Landed>): boolean {
  const shared = `shared${index}`;
  const content = contentIn(world, goal.branch, file(shared));
  const [left, right] = [`left${index}`, `right${index}`];
  const later = (mine: string, other: string) => {
    const [first, second] = [landed.get(other), landed.get(mine)];
    if (!first || !second || content !== alone(mine)) return false;
    return gitOf(world, 'merge-base', first.commit, second.base).trim() === first.commit;
  };
  return content === contentOf(shared) || later(left, right) || later(right, left);
}

function judge(evidence: Evidence): Kept[] {
  const { world, goal, count } = evidence;
  const work = Object.values(goal.tasks).filter((task) => task.kind === 'work');
  const ends = dataOf(evidence, 'merge.ended');
  const merged = ends.filter((each) => each['result'] === 'merged');
  const turnedBack = ends.filter((each) => ['rejected', 'conflict'].includes(text(each, 'result')));
  const batches = dataOf(evidence, 'batch.ordered');
  const keys = keysOnBranch(evidence);
  const commits = new Set(gitOf(world, 'log', '--first-parent', '--format=%H', goal.branch).split('\n'));
  const landed = new Map(
    merged.map((each) => {
      const commit = text(each, 'commit');
      const key = gitOf(world, 'log', '-1', '--format=%s', commit).trim();
      return [key, { commit, base: goal.attempts[text(each, 'attempt')]?.base ?? '' }] as const;
    }),
  );
  const indices = Array.from({ length: count }, (_, index) => index);
  return [
    once(
      'tasks, each told once that it is merged',
      merged.map((each) => goal.attempts[text(each, 'attempt')]?.task ?? ''),
      work.length,
    ),
    once('merges on the branch, each with a key of its own', keys, work.length),
    {
      name: 'merges that were told and are on the branch',
      tried: merged.length,
      broken: merged.map((each) => text(each, 'commit')).filter((each) => !commits.has(each)),
    },
    {
      name: 'files two had changed, as they agreed or one after the other',
      tried: count,
      broken: indices.filter((index) => !settledBetween(evidence, index, landed)).map((index) => `shared${index}`),
    },
    {
      name: 'batches, each ended',
      tried: batches.length,
      broken: goal.batch.map((each) => `${each} is left`),
      note: `of ${batches.map((each) => (each['members'] as string[]).length).join(', ') || 'none'}; ${turnedBack.length} merges turned back`,
    },
  ];
}

/** Merges one by one and in batches, of which some have a culprit, and conflicts. */
export const merges: Scenario = {
  title: 'work is merged, alone and in batches, with culprits and conflicts',
  world: { workers: 6, recoveries: 50, files: { 'check.mjs': CHECK } },
  plan,
  messages: () => null,
  judge,
  verify: 'node check.mjs',
  hurry: HURRY,
  failpoints: ['merge-computed', 'merge-written', 'attempt-committed', 'merge-computed', 'merge-written'],
};
