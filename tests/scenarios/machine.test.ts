import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startModelServer } from '../doubles/model-server.ts';
import { makeRepository, OPERATOR_KEY, RESOURCES, temporary } from './kit.ts';
import type { MachineReport } from './machine-child.ts';
import { acting, done, workspaceOf, write } from './model.ts';

const GOALS = 20;
const CAP = 4;
/** What the design promises, and what a shared test machine is held to. */
const LOOP_DELAY_MS = { promised: 50, asserted: 75 };
const RESIDENT_MIB = 250;

test(`${GOALS} real agents at once on ${CAP} places: all merged, the orchestrator stays quick and small`, async () => {
  const folder = temporary('machine');
  // The first agents wait in their turn until the machine is full, so that it is full at least once.
  const { promise: full, resolve: isFull } = Promise.withResolvers<void>();
  const there = new Set<string>();
  const work = acting([(request) => write(request, 'work.md', 'done\n'), done()]);
  const model = await startModelServer(async (request) => {
    if (workspaceOf(request) === '/nowhere') return work(request);
    there.add(workspaceOf(request));
    if (there.size >= CAP) isFull();
    await full;
    return work(request);
  });
  try {
    const repo = await makeRepository(join(folder, 'repo'), { 'README.md': '# Sample\n' });
    const config = {
      home: join(folder, 'data'),
      executable: null,
      agentCap: CAP,
      resources: RESOURCES,
      upstreams: [{ id: 'default', baseUrl: model.url, key: OPERATOR_KEY, scripted: false }],
    };
    const child = fileURLToPath(new URL('machine-child.ts', import.meta.url));
    const start = performance.now();
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--max-semi-space-size=4', child, JSON.stringify({ config, repo, goals: GOALS })],
      { timeout: 170_000 },
    );
    const report = JSON.parse(stdout) as MachineReport;
    const seconds = (performance.now() - start) / 1_000;
    console.info(
      `${GOALS} agents on ${CAP} places: ${seconds.toFixed(1)} s, at most ${report.mostRunning} at once and ${report.mostWaiting} waiting, ` +
        `loop delay p99 ${report.loopDelayP99Ms} ms (promised < ${LOOP_DELAY_MS.promised}), resident at most ${report.peakResidentMiB} MiB (promised < ${RESIDENT_MIB})`,
    );
    expect(report.statuses).toEqual(Array.from({ length: GOALS }, () => 'ready'));
    expect(report.mostRunning).toBe(CAP);
    expect(report.loopDelayP99Ms).toBeLessThan(LOOP_DELAY_MS.asserted);
    expect(report.peakResidentMiB).toBeLessThan(RESIDENT_MIB);
  } finally {
    await model.close();
    await rm(folder, { recursive: true, force: true });
  }
}, 200_000);
