import type { FailpointName } from '#main/platform/failpoint.ts';
import type { StoredEvent } from '#main/ports/journal/port.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import type { Stored } from './judge.ts';
import type { PlannedTask, World, WorldOptions } from './world.ts';

/** One promise, how often it was tried, and what broke it. */
export interface Kept {
  readonly name: string;
  readonly tried: number;
  readonly broken: readonly string[];
  /** What else is to be said of it. */
  readonly note?: string;
}

/** All a goal left behind, for a judge. */
export interface Evidence {
  readonly world: World;
  readonly stored: Stored;
  readonly goal: Goal;
  /** So many groups of nodes there were. */
  readonly count: number;
  readonly kills: number;
  /** Bodies of the model calls that were served, oldest first: what agents knew. */
  readonly calls: readonly string[];
}

/** What goals are about while faults happen: their plan, and what must hold of them besides the usual. */
export interface Scenario {
  /** As a sentence goes on after "Killed while". */
  readonly title: string;
  readonly world: WorldOptions;
  plan(world: World, count: number): PlannedTask[];
  /** Tasks of work that come into the plan on the way, for so many groups. */
  readonly added?: (count: number) => number;
  /** Messages of the whole goal, where not judged by `judge`. */
  readonly messages: (count: number) => number | null;
  judge(evidence: Evidence): Kept[];
  /** The CEO opens gates, and signals come. */
  readonly answers?: boolean;
  /** The project's check; absent: one that passes. */
  readonly verify?: string;
  /** How much faster than the machine's the goal's clock goes. */
  readonly hurry?: number;
  /** Where every second life ends instead of at a random moment. */
  readonly failpoints?: readonly FailpointName[];
}

type Data = Readonly<Record<string, unknown>>;

/** What events of a type say, oldest first. */
export function dataOf({ stored }: Evidence, type: string): Data[] {
  return stored.events.flatMap((event) => (event.type === type ? [event.data as Data] : []));
}

/** A field that is a text. */
export function text(data: Data, key: string): string {
  return typeof data[key] === 'string' ? data[key] : '';
}

/** What happened once, no more and no less, by key. */
export function once(name: string, keys: readonly string[], expected: number): Kept {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  const twice = [...counts].filter(([, count]) => count !== 1).map(([key, count]) => `${key} ${count}x`);
  const missing = counts.size === expected ? [] : [`${counts.size} of ${expected}`];
  return { name, tried: expected, broken: [...twice, ...missing] };
}

/** What exactly these are, each once. */
export function exactly(name: string, keys: readonly string[], expected: readonly string[]): Kept {
  const wanted = new Set(expected);
  const foreign = keys.filter((key) => !wanted.has(key)).map((key) => `${key} out of nowhere`);
  const there = new Set(keys);
  const lost = expected.filter((key) => !there.has(key)).map((key) => `${key} lost`);
  const { broken } = once(name, keys, there.size);
  return { name, tried: expected.length, broken: [...broken, ...foreign, ...lost] };
}

/** Attempts that began while something before them was not over. */
export function tooEarly(events: readonly StoredEvent[], goal: Goal): string[] {
  const over = new Set<string>();
  const early: string[] = [];
  for (const { type, data } of events) {
    const { task = '' } = data as { task?: string };
    if ((type === 'task.ended' && (data as { status?: string }).status === 'done') || type === 'task.skipped')
      over.add(task);
    if (type === 'attempt.started' && !(goal.tasks[task]?.dependsOn ?? []).every((each) => over.has(each)))
      early.push(task);
  }
  return early;
}

/** Runs that began while another of the same attempt had not ended. Nothing is up any more after a restart. */
export function together(events: readonly StoredEvent[]): string[] {
  const up = new Map<string, string>();
  let epoch = 0;
  const both: string[] = [];
  const attemptOf = new Map<string, string>();
  for (const { type, data, epoch: now } of events) {
    if (now !== epoch) up.clear();
    epoch = now;
    const { run = '', attempt } = data as { run?: string; attempt?: string };
    if (type === 'run.ordered' && attempt !== undefined) attemptOf.set(run, attempt);
    const mine = attemptOf.get(run) ?? '';
    if (type === 'run.started') {
      if (up.has(mine)) both.push(`${run} beside ${up.get(mine)}`);
      up.set(mine, run);
    }
    if (type === 'run.ended' && up.get(mine) === run) up.delete(mine);
  }
  return both;
}
