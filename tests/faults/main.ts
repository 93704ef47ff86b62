import { join } from 'node:path';
import { FAILPOINTS } from '#main/platform/failpoint.ts';
import { coordination } from './coordination.ts';
import { gates } from './gates.ts';
import { handoffs } from './handoffs.ts';
import { type HostsSurvived, surviveHosts } from './hosts.ts';
import type { Verdict } from './judge.ts';
import { type Ending, failpointsInOrder, type Survived, survive, WORK } from './kills.ts';
import { merges } from './merges.ts';
import { messages } from './messages.ts';
import type { Kept, Scenario } from './scenario.ts';

/**
 * Kills the orchestrator at random moments and at every failpoint, and its agent-hosts in every way, and counts what was
 * lost or done twice. KILLS, TASKS, TALKS, SEED and PARTS (kills, failpoints, hosts and the names of the scenarios) choose how much.
 */
const RESOURCES = join(import.meta.dirname, '..', '..', 'resources');
const number = (name: string, usual: number) => Number(process.env[name] ?? usual);
const KILLS = number('KILLS', 20);
const TASKS = number('TASKS', 30);
/** A life ends somewhere in here: while it starts, recovers or works. */
const SPAN_MS = number('SPAN_MS', 3_000);
/** Groups of nodes that talk, wait at gates, are reviewed and are handed over. */
const TALKS = number('TALKS', 4);
/** Failpoints that work alone does not reach. */
const COORDINATED: ReadonlySet<string> = new Set(['handover-begun', 'handover-made']);
const SCENARIOS: Readonly<Record<string, Scenario>> = { coordination, messages, gates, merges, handoffs };
const parts = new Set(process.env['PARTS']?.split(',') ?? ['kills', 'failpoints', 'hosts', ...Object.keys(SCENARIOS)]);

/** A small seeded generator (mulberry32), so that a failing sequence of moments can be had again. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const seed = number('SEED', Math.floor(Math.random() * 1e9));
const random = seeded(seed);
const say = (text: string) => process.stdout.write(`${text}\n`);
let violations = 0;

function row(name: string, value: string | number, good: boolean): void {
  if (!good) violations += 1;
  say(`  ${good ? 'ok  ' : 'FAIL'}  ${name.padEnd(58)} ${value}`);
}

function verdictRows(verdicts: readonly Verdict[]): void {
  const total = (pick: (verdict: Verdict) => number) => verdicts.reduce((sum, verdict) => sum + pick(verdict), 0);
  const zero = (name: string, pick: (verdict: Verdict) => number) => row(name, total(pick), total(pick) === 0);
  zero('tasks lost, or not done', (v) => v.lost);
  zero('tasks merged not exactly once', (v) => v.notMergedOnce);
  zero('effects doubled by one run', (v) => v.doubled);
  zero('effects of a run after a newer one began', (v) => v.late);
  zero('messages lost or doubled', (v) => v.messages);
  zero('model calls unreserved or never settled', (v) => v.unpaid);
  zero('hash chains broken', (v) => v.chainBroken);
  zero('processes left over', (v) => v.leftover);
  for (const why of verdicts.flatMap((verdict) => verdict.why)) say(`        ${why}`);
}

function tell(survived: readonly Survived[]): void {
  for (const problem of survived.flatMap((each) => each.problems)) say(`        ${problem.replaceAll('\n', ' ')}`);
}

async function kills(): Promise<void> {
  const rounds: Survived[] = [];
  let left = KILLS;
  while (left > 0 && rounds.every((round) => round.finished)) {
    const here = left;
    const next = (life: number): Ending => {
      if (life >= here) return { kind: 'none' };
      // One in four while it starts and recovers, the others while it works.
      return { kind: 'after', from: random() < 0.25 ? 'spawn' : 'up', ms: random() * SPAN_MS };
    };
    const survived = await survive(WORK, TASKS, next, RESOURCES);
    rounds.push(survived);
    left -= Math.max(1, survived.kills);
  }
  const done = rounds.reduce((sum, round) => sum + round.kills, 0);
  say(`\nOrchestrator killed at random moments: N = ${done} SIGKILLs, ${rounds.length} goal(s) of ${TASKS} tasks`);
  row(
    'goals finished and accepted',
    `${rounds.filter((round) => round.finished).length}/${rounds.length}`,
    rounds.every((round) => round.finished),
  );
  verdictRows(rounds.map((round) => round.verdict));
  say(
    `        ${rounds.reduce((sum, round) => sum + round.epochs, 0)} starts came up; ${violations === 0 ? `no kill lost anything: at 95% fewer than ${((3 / Math.max(1, done)) * 100).toFixed(1)}% do (3/N)` : 'see above'}; ${rounds.reduce((s, r) => s + r.seconds, 0).toFixed(0)} s`,
  );
  tell(rounds);
}

async function failpoints(): Promise<void> {
  const rounds: Survived[] = [];
  const hit = new Set<string>();
  const reached: readonly string[] = FAILPOINTS.filter((name) => !COORDINATED.has(name));
  for (let round = 0; round < 3 && hit.size < reached.length; round += 1) {
    const open = failpointsInOrder().filter((name) => reached.includes(name) && !hit.has(name));
    const next = (life: number): Ending => {
      const name = open[life];
      return name === undefined
        ? { kind: 'none' }
        : {
            kind: 'failpoint',
            name: `${name}:${round === 0 && name !== 'accept-written' ? 1 + Math.floor(random() * 2) : 1}`,
          };
    };
    const survived = await survive(WORK, Math.ceil(TASKS / 2), next, RESOURCES);
    rounds.push(survived);
    for (const name of survived.hit) hit.add(name);
    if (!survived.finished) break;
  }
  const missed = reached.filter((name) => !hit.has(name));
  say(`\nOrchestrator killed at every named boundary: ${rounds.length} goal(s) of ${Math.ceil(TASKS / 2)} tasks`);
  row(
    'failpoints hit',
    `${hit.size}/${reached.length}${missed.length > 0 ? `, not ${missed.join(', ')}` : ''}`,
    missed.length === 0,
  );
  row(
    'goals finished and accepted',
    `${rounds.filter((round) => round.finished).length}/${rounds.length}`,
    rounds.every((round) => round.finished),
  );
  verdictRows(rounds.map((round) => round.verdict));
  say(`        ${rounds.reduce((s, r) => s + r.seconds, 0).toFixed(0)} s`);
  tell(rounds);
}

/** The promises of several rounds as one. */
function together(rounds: readonly Survived[]): Required<Kept>[] {
  const names = [...new Set(rounds.flatMap((round) => round.kept.map((each) => each.name)))];
  return names.map((name) => {
    const all = rounds.flatMap((round) => round.kept.filter((each) => each.name === name));
    return {
      name,
      tried: all.reduce((sum, each) => sum + each.tried, 0),
      broken: all.flatMap((each) => each.broken),
      note: all.flatMap((each) => each.note ?? []).join('; '),
    };
  });
}

/** Kills at random moments, and where the scenario has failpoints every second time at one of them. */
async function during({ failpoints: named = [], ...scenario }: Scenario): Promise<void> {
  const rounds: Survived[] = [];
  let left = KILLS;
  let armed = 0;
  while (left > 0 && rounds.every((round) => round.finished)) {
    const here = left;
    const next = (life: number): Ending => {
      if (life >= here) return { kind: 'none' };
      const name = life % 2 === 1 ? named[armed++ % named.length] : undefined;
      if (name !== undefined) return { kind: 'failpoint', name: `${name}:1` };
      return { kind: 'after', from: random() < 0.25 ? 'spawn' : 'up', ms: random() * SPAN_MS };
    };
    const survived = await survive(scenario, TALKS, next, RESOURCES);
    rounds.push(survived);
    left -= Math.max(1, survived.kills);
  }
  const done = rounds.reduce((sum, round) => sum + round.kills, 0);
  const finished = rounds.filter((round) => round.finished).length;
  const at = new Map<string, number>();
  for (const name of rounds.flatMap((round) => round.hit)) at.set(name, (at.get(name) ?? 0) + 1);
  const where = [...at].map(([name, hits]) => `${hits} at ${name}`).join(', ');
  const kept = together(rounds);
  say(
    `\nKilled while ${scenario.title}: N = ${done} SIGKILLs${where === '' ? '' : ` (${where})`}, ${rounds.length} goal(s) of ${TALKS} groups`,
  );
  row('goals finished and accepted', `${finished}/${rounds.length}`, finished === rounds.length);
  for (const { name, tried, broken, note } of kept) {
    const which =
      broken.length === 0 ? '0 lost, 0 doubled' : `${broken.length} broken: ${broken.slice(0, 4).join(', ')}`;
    row(name, `${tried} tried, ${which}${note === '' ? '' : ` (${note})`}`, broken.length === 0);
  }
  verdictRows(rounds.map((round) => round.verdict));
  say(`        ${rounds.reduce((sum, round) => sum + round.seconds, 0).toFixed(0)} s`);
  tell(rounds);
}

async function hosts(): Promise<void> {
  const survived: HostsSurvived = await surviveHosts(RESOURCES);
  say('\nAgent-hosts that misbehave while another works');
  const expected: Record<string, string> = { crash: 'crashed', stop: 'crashed', flood: 'completed', silent: 'crashed' };
  for (const { fault, outcome, seconds, orphans } of survived.faults) {
    const inTime = fault !== 'stop' || seconds < 15;
    row(
      `${fault}: run ended as`,
      `${outcome} after ${seconds.toFixed(1)} s, ${orphans} orphans`,
      outcome === expected[fault] && orphans === 0 && inTime,
    );
  }
  row('notes of the other agent missing or doubled', survived.missed, survived.missed === 0);
  row('runs of the other agent disturbed', survived.disturbed, survived.disturbed === 0);
  row('goal finished and accepted', String(survived.finished), survived.finished);
  verdictRows([survived.verdict]);
  say(`        ${survived.seconds.toFixed(0)} s`);
  for (const problem of survived.problems) say(`        ${problem.replaceAll('\n', ' ')}`);
}

say(
  `seed ${seed}; legitimately at least once: a step of an agent that was cut off, in a new run (it resumes from its last checkpoint)`,
);
if (parts.has('kills')) await kills();
if (parts.has('failpoints')) await failpoints();
if (parts.has('hosts')) await hosts();
for (const [part, scenario] of Object.entries(SCENARIOS)) if (parts.has(part)) await during(scenario);
say(violations === 0 ? '\nNo violation.' : `\n${violations} violation(s).`);
process.exitCode = violations === 0 ? 0 : 1;
