import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createSqliteJournal } from '#main/adapters/embedded/journal/index.ts';
import { createEngine } from '#main/engine/engine.ts';
import { type GoalCommand, goalArea } from '#main/features/goals/index.ts';
import { systemClock } from '#main/platform/clock.ts';
import { systemIds } from '#main/platform/ids.ts';
import { inTemporaryFolder, openToyEngine } from './engine.ts';
import type { Table } from './table.ts';
import { toyArea } from './toy-area.ts';

const EVENTS = 100_000;
const STREAMS = 100;
const RUNS = 1_000;

async function writeToyEvents(folder: string): Promise<void> {
  const { engine, toys } = await openToyEngine(folder);
  for (let written = 0; written < EVENTS; written += STREAMS) {
    await Promise.all(
      Array.from({ length: STREAMS }, (_, index) => toys.execute(`toy${index}`, { type: 'note', text: 'x' })),
    );
  }
  await engine.stop();
  // Replay is what is measured, not how far a clean stop shortens it.
  const database = new Database(join(folder, 'journal.db'));
  database.exec('DELETE FROM snapshots');
  database.close();
}

function openGoals(folder: string) {
  const clock = systemClock();
  const engine = createEngine({
    journal: createSqliteJournal(join(folder, 'journal.db')),
    clock,
    newId: systemIds(clock.now),
    report: () => undefined,
  });
  return { engine, goals: engine.register(goalArea) };
}

const stated: GoalCommand = {
  type: 'state',
  project: 'project',
  text: 'a goal',
  mode: 'go',
  upstream: 'default',
  ledger: 'real',
  branch: 'aios/x',
  base: 'b',
  target: 'main',
  crew: '{}',
  solo: 'agent',
  agents: [{ id: 'agent', name: 'A', role: 'a', driver: 'd', model: 'm', lead: false }],
  limits: {
    attempts: 2,
    fixes: 3,
    nudges: 2,
    recoveries: 4,
    turns: 10,
    minutes: 10,
    goalNanos: 1,
    runNanos: 1,
    tasks: 10,
  },
};

/** A goal whose one run is up, as a crash would leave it. */
async function openRun(goals: ReturnType<typeof openGoals>['goals'], id: string): Promise<void> {
  await goals.execute(id, stated);
  const attempt = Object.keys(goals.state(id)?.attempts ?? {})[0] ?? '';
  await goals.execute(id, { type: 'prepared', attempt, base: 'b', workspace: 'w' });
  const run = Object.keys(goals.state(id)?.runs ?? {})[0] ?? '';
  await goals.execute(id, { type: 'run-started', run });
}

/** From opening the file to the last event applied; performing what is open comes after and is measured below. */
async function replaySpeed(): Promise<number> {
  return inTemporaryFolder(async (folder) => {
    await writeToyEvents(folder);
    const clock = systemClock();
    const engine = createEngine({
      journal: createSqliteJournal(join(folder, 'journal.db')),
      clock,
      newId: systemIds(clock.now),
      report: () => undefined,
    });
    engine.register(toyArea);
    const start = performance.now();
    await engine.open();
    const elapsed = performance.now() - start;
    await engine.stop();
    return (EVENTS / elapsed) * 1_000;
  });
}

/** Milliseconds from opening until every one of the open runs has been taken up and ordered anew. */
async function resumeTime(): Promise<number> {
  return inTemporaryFolder(async (folder) => {
    const before = openGoals(folder);
    await before.engine.open();
    await Promise.all(Array.from({ length: RUNS }, (_, index) => openRun(before.goals, `goal_${index}`)));
    await before.engine.stop();
    const start = performance.now();
    const { engine, goals } = openGoals(folder);
    const resumed = new Promise<void>((resolve) => {
      let left = RUNS;
      engine.perform('run.perform', async (performance) => {
        if (!performance.redelivered) return new Promise(() => undefined);
        left -= 1;
        if (left === 0) resolve();
        const { run } = performance.event.data as { run: string };
        return {
          stream: performance.stream,
          command: { type: 'run-ended', run, outcome: 'lost', detail: '', usage: null } satisfies GoalCommand,
        };
      });
    });
    for (const kind of ['workspace.prepare', 'run.overdue']) engine.perform(kind, () => new Promise(() => undefined));
    await engine.open();
    await engine.resume();
    await resumed;
    const again = () => goals.ids().filter((id) => Object.keys(goals.state(id)?.runs ?? {}).length === 2).length;
    while (again() < RUNS) await new Promise((resolve) => setImmediate(resolve));
    const elapsed = performance.now() - start;
    void engine.stop();
    return elapsed;
  });
}

/** Replay of the journal, and how long a crash with many open runs keeps the orchestrator busy. */
export async function benchEngineRecover(): Promise<Table> {
  const speed = await replaySpeed();
  const resume = await resumeTime();
  return {
    name: 'engine-recover',
    rows: [
      {
        measure: `replay of ${EVENTS} events`,
        ours: `${Math.round(speed)}/s`,
        baseline: 'Temporal, published: 33,000-37,000/s',
        ratio: (speed / 35_000).toFixed(1),
      },
      { measure: `resume of ${RUNS} open runs`, ours: `${Math.round(resume)} ms`, baseline: '-', ratio: '-' },
    ],
    notes: ['good: 100,000 events/s; 1,000 open runs in less than 1 s'],
  };
}
