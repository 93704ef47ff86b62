import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { createFake, serveFake } from '#main/server/http/test-support.ts';
import { CHROMIUM, goTo } from '../e2e/kit.ts';
import { populate } from './canvas.ts';

const FLOOD = 10_000;
const FLOODED = 45;
const ref = (id: string) => ({ id, hash: 'h' });
const renderer = await mkdtemp(join(tmpdir(), 'aios-page-'));
process.env['NODE_ENV'] = 'production';
await build({
  configFile: join(import.meta.dirname, '../../renderer/vite.config.ts'),
  build: { outDir: renderer, emptyOutDir: true, chunkSizeWarningLimit: 5_000, minify: process.env.MIN === "1" },
  logLevel: 'error',
});
delete process.env['NODE_ENV'];
const browser = await chromium.launch(CHROMIUM);
for (let round = 0; round < Number(process.argv[2] ?? 3); round++) {
  const fake = createFake();
  populate(fake, FLOODED);
  const served = await serveFake(fake, { renderer });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(served.oneTimeLink());
  await goTo(page, 'Graph');
  await page.locator('.graph-task, .graph-specks').first().waitFor({ timeout: 60_000 });
  await new Promise((r) => setTimeout(r, 1500));
  const trace = process.argv[3] === 'trace' && round === 0;
  const client = await context.newCDPSession(page);
  const events: unknown[] = [];
  if (trace) {
    client.on('Tracing.dataCollected', ({ value }) => events.push(...value));
    await client.send('Tracing.start', {
      traceConfig: { includedCategories: ['devtools.timeline', 'v8', 'disabled-by-default-devtools.timeline', 'toplevel', 'disabled-by-default-v8.gc'] },
      transferMode: 'ReportEvents',
    });
  }
  if (process.argv[3] === 'prof') {
    await client.send('Profiler.enable');
    await client.send('Profiler.setSamplingInterval', { interval: 500 });
    await client.send('Profiler.start');
  }
  await page.evaluate(() => {
    const times: number[] = [];
    const tick = (at: number) => {
      times.push(at);
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    const long: unknown[] = [];
    new PerformanceObserver((l) => {
      for (const e of l.getEntries()) long.push([Math.round(e.startTime), Math.round(e.duration), e.entryType]);
    }).observe({ entryTypes: ['longtask'] });
    Object.assign(window, { times, long });
  });
  const last = `Task ${FLOODED - 1} after ${FLOOD}`;
  const began = Date.now();
  for (let at = 1; at <= FLOOD; at += 1)
    fake.publish(
      'goal/goal_1',
      { type: 'task.revised', task: `t${at === FLOOD ? FLOODED - 1 : at % FLOODED}`, title: ref(`flood${at}`), brief: null },
      { [`flood${at}`]: at === FLOOD ? last : `Task ${at}` },
    );
  const pub = Date.now() - began;
  // Looked at by one element and seldom: searching the page in each frame would be part of what is measured.
  await page.waitForFunction(
    ([task, title]) => document.querySelector(`[data-task="${task}"] h3`)?.textContent === title,
    [`t${FLOODED - 1}`, last],
    { polling: 100, timeout: 60_000 },
  );
  const took = Date.now() - began;
  const { times, long } = await page.evaluate(() => { const w = window as unknown as { times: number[]; long: unknown[] }; return { times: w.times, long: w.long }; });
  const gaps = times.slice(1).map((at, i) => [Math.round(at - times[i]!), Math.round(times[i]!)]);
  console.log('published', pub, 'took', took, 'gaps', JSON.stringify(gaps.filter((g) => g[0]! > 40)), 'long', JSON.stringify(long));
  if (trace) {
    const done = new Promise((r) => client.once('Tracing.tracingComplete', r));
    await client.send('Tracing.end');
    await done;
    await writeFile('/tmp/trace.json', JSON.stringify(events));
  }
  if (process.argv[3] === 'prof') {
    const { profile } = await client.send('Profiler.stop');
    await writeFile('/tmp/flood.cpuprofile', JSON.stringify(profile));
  }
  await context.close();
  await served.close();
}
await browser.close();
await rm(renderer, { recursive: true, force: true });
