import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { git } from '../scenarios/kit.ts';
import { goTo, openStudio, type Studio, shoot } from './kit.ts';

const MINUTE = 60_000;
const AIOS = join(import.meta.dirname, '../../bin/aios.mjs');

let studio: Studio;
let home = '';
const closers: Array<() => Promise<void>> = [];

beforeAll(async () => {
  studio = await openStudio();
  home = await mkdtemp(join(tmpdir(), 'aios-first-'));
}, 2 * MINUTE);
afterAll(async () => {
  for (const close of closers) await close();
  await studio.close();
  await rm(home, { recursive: true, force: true });
});

/** Runs `aios` with arguments as a person without a key, until it prints a link or ends. */
async function aios(...args: string[]): Promise<{ link: string; said: string; close(): Promise<void> }> {
  const { ANTHROPIC_API_KEY: _key, ANTHROPIC_BASE_URL: _url, ...env } = process.env;
  const child = spawn(process.execPath, [AIOS, ...args], { env: { ...env, AIOS_HOME: home, HOME: home } });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let said = '';
  child.stderr.on('data', (piece: Buffer) => {
    said += String(piece);
  });
  const link = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => line.includes('/login#') && resolve(line.trim()));
    child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${said}`)));
  });
  const close = async () => {
    child.kill('SIGINT');
    await exited;
  };
  return { link, said, close };
}

test('the first run: one link, the demo crew to the merged goal, a reload in the middle, another link', {
  timeout: 5 * MINUTE,
}, async () => {
  const started = await aios('start', '--browser');
  closers.push(started.close);
  const { page, problems } = await studio.window();
  await page.goto(started.link);
  await page.getByRole('heading', { name: 'Start here' }).waitFor();
  await shoot(page, 'first-run');
  await page.getByRole('button', { name: 'Start the demo crew' }).click();
  await page.getByText('Demo crew, scripted model, no key').waitFor();
  await page.getByRole('article', { name: 'Store due dates' }).waitFor({ timeout: MINUTE });
  await shoot(page, 'first-graph');

  await page.reload();
  await page.getByRole('article', { name: 'Store due dates' }).waitFor();

  await goTo(page, 'Review');
  const accept = page.getByRole('button', { name: 'Accept…' }).first();
  await accept.waitFor({ timeout: 4 * MINUTE });
  await goTo(page, 'Graph');
  await shoot(page, 'first-ready');
  await goTo(page, 'Timeline');
  await shoot(page, 'first-timeline');
  await goTo(page, 'Review');
  await accept.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Accept', exact: true }).click();
  await page.getByText(/Accepted: main is at/).waitFor();
  const [folder = ''] = await readdir(join(home, 'demo')).catch(async () => []);
  const demo = folder === '' ? '' : join(home, 'demo', folder, 'todo');
  expect(await git(demo, 'log', '--oneline', 'main')).toMatch(/\n/);

  const second = await aios('open');
  const other = await studio.window();
  await other.page.goto(second.link);
  await goTo(other.page, 'Start');
  await other.page.getByText('The demo crew is done. Run it for real?').waitFor();
  await second.close();
  expect([...problems, ...other.problems]).toEqual([]);
});
