import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DATA_MARKER, dataMark } from '#main/adapters/embedded/agent-launcher/markers.ts';
import { createSqliteJournal } from '#main/adapters/embedded/journal/index.ts';
import { findMarked } from '#main/platform/process-tree.ts';
import type { StoredEvent } from '#main/ports/journal/port.ts';
import { goalEvent } from '#protocol/model/goal/event.ts';
import { evolveGoal } from '#protocol/model/goal/evolve.ts';
import { emptyGoal, type Goal } from '#protocol/model/goal/state.ts';
import { contentOf, type World } from './world.ts';

/** Counts of what must not be; all zero is a pass. */
export interface Verdict {
  readonly lost: number;
  /** Tasks merged more or less than once into the goal's branch. */
  readonly notMergedOnce: number;
  /** The same point of a task noted twice by one run: a run that was performed twice. */
  readonly doubled: number;
  /** Something noted by a run after a newer run of the same task had begun. */
  readonly late: number;
  /** Messages that reached the CEO more or less than once. */
  readonly messages: number;
  /** Model calls that were not reserved, or reservations that were never settled. */
  readonly unpaid: number;
  readonly chainBroken: number;
  readonly leftover: number;
  readonly why: readonly string[];
}

interface Noted {
  readonly key: string;
  readonly point: string;
  readonly run: string;
}

/** The ledger's lines; a line cut by a kill is no line. */
export function readLedger(world: World): Noted[] {
  return readFileSync(world.ledger, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const [key = '', point = '', run = ''] = line.split(' ');
      return { key, point, run };
    });
}

/** What a data folder holds. */
export interface Stored {
  readonly events: readonly StoredEvent[];
  /** Where the hash chain breaks; null: nowhere. */
  readonly broken: number | null;
  /** Subjects of messages, by the message's id. */
  readonly subjects: ReadonlyMap<string, string>;
}

/** Every event of the data folder, and whether the hash chain holds. Opens the journal: the orchestrator must be gone. */
export async function readJournal(world: World): Promise<Stored> {
  const journal = createSqliteJournal(join(world.home, 'journal.db'));
  await journal.open();
  const events: StoredEvent[] = [];
  await journal.replay(
    () => false,
    (chunk) => void events.push(...chunk),
  );
  const broken = await journal.verify();
  const sent = events.flatMap(({ type, data }) =>
    type === 'message.sent' ? [data as { message: string; subject: { id: string } }] : [],
  );
  const texts = await journal.payloads(sent.map(({ subject }) => subject.id));
  const subjects = new Map(sent.map(({ message, subject }) => [message, texts.get(subject.id) ?? '']));
  await journal.close();
  return { events, broken, subjects };
}

/** The goal as its events make it. */
export function goalOf(events: readonly StoredEvent[]): Goal {
  const mine = events.filter((event) => event.stream.startsWith('goal/'));
  return mine.reduce(
    (goal, event) => evolveGoal(goal, goalEvent.parse({ type: event.type, ...(event.data as object) }), event.at),
    emptyGoal(mine[0]?.stream.slice('goal/'.length) ?? ''),
  );
}

/** Asks git about the goal's repository. */
export function gitOf(world: World, ...args: string[]): string {
  const [hub = ''] = readdirSync(join(world.home, 'hubs'));
  return execFileSync('git', ['--git-dir', join(world.home, 'hubs', hub), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** A file on a branch of the goal's repository; undefined where there is none. */
export function contentIn(world: World, branch: string, path: string): string | undefined {
  try {
    return gitOf(world, 'show', `${branch}:${path}`);
  } catch {
    return undefined;
  }
}

/** How often each task was merged on the goal's own line, by the trailer of what was merged. */
function mergesByTask(world: World, goal: Goal): Map<string, number> {
  const merges = gitOf(world, 'log', '--first-parent', '--merges', '--format=%P', goal.branch)
    .trim()
    .split('\n')
    .filter(Boolean);
  const counts = new Map<string, number>();
  for (const parents of merges) {
    const second = parents.split(' ')[1] ?? '';
    const task = gitOf(world, 'log', '-1', '--format=%(trailers:key=AIOS-Task,valueonly)', second).trim();
    counts.set(task, (counts.get(task) ?? 0) + 1);
  }
  return counts;
}

function countBy<T>(all: readonly T[], keyOf: (each: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const each of all) counts.set(keyOf(each), (counts.get(keyOf(each)) ?? 0) + 1);
  return counts;
}

/** Lines of a run that a newer run of the same task had already replaced. */
function lateLines(lines: readonly Noted[]): Noted[] {
  const seen = new Map<string, string[]>();
  return lines.filter(({ key, run }) => {
    const runs = seen.get(key) ?? [];
    if (!runs.includes(run)) runs.push(run);
    seen.set(key, runs);
    return runs.at(-1) !== run;
  });
}

/** What a goal was to come to. */
export interface Expected {
  /** Tasks that have a file and say when they are over. */
  readonly keys: readonly string[];
  /** How many tasks of work there are, with those that were added on the way. */
  readonly work: number;
  /** How many messages were sent; null: they are judged elsewhere. */
  readonly messages: number | null;
  /** Model calls that were served. */
  readonly served: number;
}

/** Judges a finished goal by the ledger, git and the stored events, never by what the product says of itself. */
export async function judge(world: World, { events, broken }: Stored, expected: Expected): Promise<Verdict> {
  const { keys } = expected;
  const why: string[] = [];
  const count = (what: string, all: readonly string[]) => {
    if (all.length > 0) why.push(`${what}: ${all.slice(0, 5).join(', ')}`);
    return all.length;
  };
  const goal = goalOf(events);
  const lines = readLedger(world);
  const work = Object.values(goal.tasks).filter((task) => task.kind === 'work');
  const merges = mergesByTask(world, goal);
  const fileOf = (key: string) => contentIn(world, goal.branch, `files/${key}.txt`);
  const messages = events.filter((event) => event.type === 'message.sent').length;
  const callsOf = (type: string) =>
    events.flatMap((event) => (event.type === type ? [(event.data as { call: string }).call] : []));
  const settled = new Set(callsOf('call.settled'));
  const released = new Set(callsOf('call.released'));
  const reserved = callsOf('call.reserved').filter((call) => !released.has(call));
  const marked = (await findMarked(DATA_MARKER)).filter((each) => each.value === dataMark(world.home));
  return {
    lost:
      count(
        'lost',
        keys.filter(
          (key) => fileOf(key) !== contentOf(key) || !lines.some((line) => line.key === key && line.point === 'end'),
        ),
      ) +
      count(
        'not done',
        work.filter((task) => task.status !== 'done').map((task) => `${task.id} is ${task.status}`),
      ) +
      Math.abs(work.length - expected.work),
    notMergedOnce: count(
      'merged not once',
      work.filter((task) => merges.get(task.id) !== 1).map((task) => `${task.id} ${merges.get(task.id) ?? 0}x`),
    ),
    doubled: count(
      'doubled',
      [...countBy(lines, (line) => `${line.key} ${line.point} ${line.run}`)]
        .filter(([, n]) => n > 1)
        .map(([key]) => key),
    ),
    late: count(
      'late',
      lateLines(lines).map((line) => `${line.key} ${line.run}`),
    ),
    messages: count(
      'messages',
      messages === (expected.messages ?? messages) ? [] : [`${messages} for ${keys.length} tasks`],
    ),
    unpaid:
      count(
        'unsettled',
        reserved.filter((call) => !settled.has(call)),
      ) +
      count(
        'unreserved',
        expected.served > reserved.length ? [`${expected.served} served, ${reserved.length} reserved`] : [],
      ),
    chainBroken: count('chain', broken === null ? [] : [String(broken)]),
    leftover: count(
      'leftover',
      marked.map((each) => String(each.pid)),
    ),
    why,
  };
}
