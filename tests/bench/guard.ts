import {
  type Finding,
  type GuardLimits,
  LIMITS,
  pingPongStart,
  watchEach,
  watchPingPong,
  watchStart,
} from '#main/features/guards/index.ts';
import type { Table } from './table.ts';
import { type FailedRun, observationsOf, readWhoAndWhen } from './who-and-when.ts';

/** False alarms that are allowed, per 1,000 messages. */
const MOST_FALSE = 1;
const FOLDS = 5;

/** The message at which a run is stopped; null when it never is. */
type Stop = number | null;
type GuardName = Finding['guard'];

const lengthFrom = (run: FailedRun, at: number) =>
  run.messages.slice(at).reduce((sum, message) => sum + message.text.length, 0);

/** Where each guard first steps in. They do not know of each other, so one replay tells it of all. */
function replay(run: FailedRun, limits: GuardLimits): ReadonlyMap<GuardName, number> {
  const first = new Map<GuardName, number>();
  let state = watchStart;
  let talk = pingPongStart;
  for (const [at, observations] of observationsOf(run).entries()) {
    for (const seen of observations) {
      const own = watchEach(state, seen, limits);
      state = own.state;
      const findings = [...own.findings];
      if (seen.kind === 'text') {
        const said = watchPingPong(talk, { from: seen.by, text: seen.text }, limits.pingPong);
        talk = said.state;
        if (said.finding) findings.push(said.finding);
      }
      for (const { guard } of findings) if (!first.has(guard)) first.set(guard, at);
    }
  }
  return first;
}

/** Where the first of some guards steps in. */
function earliest(...found: ReadonlyArray<number | undefined>): Stop {
  const at = Math.min(...found.map((each) => each ?? Number.POSITIVE_INFINITY));
  return Number.isFinite(at) ? at : null;
}

function exactRepeat(run: FailedRun): Stop {
  const seen = new Set<string>();
  const at = run.messages.findIndex(({ text }) => seen.has(text) || !seen.add(text));
  return at < 0 ? null : at;
}

interface Score {
  readonly saved: number;
  readonly characters: number;
  readonly perRun: number;
  readonly alarms: number;
  readonly falseAlarms: number;
  readonly messages: number;
  readonly largest: number;
}

/** See the notes of the table for what counts as saved and as false. */
function score(runs: readonly FailedRun[], stopOf: (run: FailedRun) => Stop): Score {
  const each = runs.map((run) => {
    const at = stopOf(run);
    const whole = lengthFrom(run, 0);
    const right = at !== null && at >= run.error;
    return { whole, saved: right ? lengthFrom(run, at + 1) : 0, alarm: at !== null, wrong: at !== null && !right };
  });
  const sum = (of: (one: (typeof each)[number]) => number) => each.reduce((total, one) => total + of(one), 0);
  return {
    saved: sum((one) => one.saved),
    characters: sum((one) => one.whole),
    perRun: sum((one) => one.saved / one.whole) / Math.max(1, runs.length),
    alarms: sum((one) => (one.alarm ? 1 : 0)),
    falseAlarms: sum((one) => (one.wrong ? 1 : 0)),
    messages: runs.reduce((total, run) => total + run.messages.length, 0),
    largest: Math.max(0, ...each.map((one) => one.saved)),
  };
}

const perThousand = ({ falseAlarms, messages }: Score) => (1_000 * falseAlarms) / messages;
const share = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;

function row(measure: string, found: Score): Table['rows'][number] {
  return {
    measure,
    saved: share(found.saved, found.characters),
    'without its largest run': share(found.saved - found.largest, found.characters),
    'mean of runs': share(found.perRun, 1),
    alarms: found.alarms,
    'false a 1,000 messages': perThousand(found).toFixed(2),
  };
}

interface Candidate {
  readonly name: string;
  readonly stops: ReadonlyMap<FailedRun, Stop>;
}

/** Where one guard steps in under each of some limits. */
function variants(
  runs: readonly FailedRun[],
  guard: GuardName,
  limits: ReadonlyArray<readonly [string, GuardLimits]>,
): readonly Candidate[] {
  return limits.map(([name, each]) => ({
    name,
    stops: new Map(runs.map((run) => [run, replay(run, each).get(guard) ?? null])),
  }));
}

const { loop, stall, pingPong } = LIMITS;

/** Every combination of limits that is tried, as where its guards step in. */
function candidates(runs: readonly FailedRun[]): readonly Candidate[] {
  const loops = [0.6, 0.7, 0.8, 0.9].flatMap((alike) =>
    [2, 3, 4, 5].map(
      (repeats) => [`loop ${alike} x ${repeats}`, { ...LIMITS, loop: { ...loop, alike, repeats } }] as const,
    ),
  );
  const stalls = [5, 6, 7, 8, stall.idle].map(
    (idle) => [`stall ${idle}`, { ...LIMITS, stall: { ...stall, idle } }] as const,
  );
  const pings = [0.2, 0.3, 0.4].flatMap((novelty) =>
    [2, 3, 4].map(
      (stale) => [`ping-pong ${novelty} x ${stale}`, { ...LIMITS, pingPong: { ...pingPong, novelty, stale } }] as const,
    ),
  );
  const [claim] = variants(runs, 'false-done', [['', LIMITS]]);
  const exchanges = variants(runs, 'ping-pong', pings);
  const standstills = variants(runs, 'stall', stalls);
  return variants(runs, 'loop', loops).flatMap((one) =>
    standstills.flatMap((two) =>
      exchanges.map((three) => ({
        name: `${one.name}, ${two.name}, ${three.name}`,
        stops: new Map(
          runs.map((run) => [
            run,
            earliest(...[one, two, three, claim].map((each) => each?.stops.get(run) ?? undefined)),
          ]),
        ),
      })),
    ),
  );
}

/** The most saved a run within the allowed false alarms; among equals the one that alarms least. */
function choose(all: readonly Candidate[], runs: readonly FailedRun[]): Candidate | undefined {
  const scored = all.map((each) => ({ each, found: score(runs, (run) => each.stops.get(run) ?? null) }));
  const allowed = scored.filter(
    ({ found }) => found.falseAlarms <= Math.max(1, Math.floor((found.messages * MOST_FALSE) / 1_000)),
  );
  return allowed.sort((a, b) => b.found.perRun - a.found.perRun || a.found.alarms - b.found.alarms)[0]?.each;
}

/** Each part of the runs under limits that were chosen on the other parts. */
function held(all: readonly Candidate[], runs: readonly FailedRun[]): { found: Score; chosen: readonly string[] } {
  const stops = new Map<FailedRun, Stop>();
  const chosen: string[] = [];
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const others = runs.filter((_, at) => at % FOLDS !== fold);
    const best = choose(all, others);
    for (const [at, run] of runs.entries()) if (at % FOLDS === fold) stops.set(run, best?.stops.get(run) ?? null);
    chosen.push(best?.name ?? 'none');
  }
  return { found: score(runs, (run) => stops.get(run) ?? null), chosen };
}

/**
 * Who&When through the guards as AIOS runs them. Nothing of the data says what may be counted, so: a run is stopped after
 * the message of its first alarm, of whatever guard. Saved are the characters of the messages that follow, if the alarm
 * came with the decisive error or after it; earlier it is a false alarm and saves nothing. All runs of the data failed.
 */
export async function benchGuard(): Promise<Table> {
  const runs = readWhoAndWhen();
  if (!runs)
    return {
      name: 'guard',
      rows: [{ measure: 'not run' }],
      notes: [
        'the data is not here: put who_and_when_dev.jsonl.gz into tests/bench/data or name its folder in AIOS_BENCH_DATA',
      ],
    };
  const all = candidates(runs);
  const { found, chosen } = held(all, runs);
  const shipped = new Map(runs.map((run) => [run, replay(run, LIMITS)]));
  const guards = ['loop', 'stall', 'ping-pong', 'false-done'] as const;
  const alone = (guard: GuardName) => score(runs, (run) => earliest(shipped.get(run)?.get(guard)));
  return {
    name: 'guard',
    rows: [
      row('exact repeat (baseline)', score(runs, exactRepeat)),
      row(
        'ours, as shipped',
        score(runs, (run) => earliest(...(shipped.get(run)?.values() ?? []))),
      ),
      ...guards.map((guard) => row(`of it ${guard}`, alone(guard))),
      row(`ours, limits chosen on ${FOLDS - 1} of ${FOLDS} parts`, found),
      row(
        'limit: stopped at the error',
        score(runs, (run) => run.error),
      ),
    ],
    notes: [
      `good: 10 % at most ${MOST_FALSE} false alarm in 1,000 messages; moonshot: 25 %; ${runs.length} failed runs`,
      'a run is stopped after the message of its first alarm; saved are the characters after it, of all characters',
      'an alarm before the message that people marked as the decisive error is false and saves nothing',
      'the patterns of unproven claims were written with these runs in sight: only the numeric limits are chosen apart',
      'runs of ten messages are too short for the loop and stall limits that leave a coding agent in peace',
      ...chosen.map((name, at) => `without part ${at + 1}, at most one false: ${name}`),
    ],
  };
}
