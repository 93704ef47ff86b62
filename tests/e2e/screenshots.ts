/**
 * Takes a picture of every view, in both themes and two sizes, empty, busy and broken, and of the dialogs, into `out/screenshots`: to be looked
 * at before they are shipped. The crew is the demo crew; only its words are scripted. `npm run screenshots`.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { createDemoCrew } from '#main/cli/rehearse/demo.ts';
import { createOrchestrator } from '#main/compose/index.ts';
import type { Orchestrator, Served } from '#main/index.ts';
import { goalOf, RESOURCES, value, waitFor } from '../scenarios/kit.ts';
import { goTo, logIn, openStudio, putTheme, SIZES, type Studio } from './kit.ts';

const VIEWS = ['Start', 'Graph', 'Board', 'Timeline', 'Inbox', 'Runs', 'Review', 'Memory', 'Cost', 'Infra', 'Settings'];
const EMPTY = ['Start', 'Graph', 'Inbox', 'Review'];
const DIALOGS = [
  'State a goal',
  'New task',
  'Hire an agent',
  'Add a gate',
  'Add a sub-plan',
  'Keyboard shortcuts',
  'Stop all agents',
];
const THEMES = ['light', 'dark'] as const;
const OUT = join(import.meta.dirname, '../../out/screenshots');
const SETTLE_MS = 600;

let taken = 0;

async function picture(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(SETTLE_MS);
  await page.screenshot({ path: join(OUT, `${name}.png`) });
  taken += 1;
}

/** Every named view of a logged-in window, in both themes. */
async function tour(
  page: Page,
  views: readonly string[],
  name: (view: string, theme: string) => string,
): Promise<void> {
  for (const view of views) {
    await goTo(page, view);
    for (const theme of THEMES) {
      await putTheme(page, theme);
      await picture(page, name(view.toLowerCase(), theme));
    }
  }
}

/** Every named dialog above the graph, opened by its name in the palette, in both themes; the palette itself first. */
async function dialogs(page: Page, names: readonly string[]): Promise<void> {
  await goTo(page, 'Graph');
  for (const theme of THEMES) {
    await putTheme(page, theme);
    await page.keyboard.press('Control+k');
    await picture(page, `dialog-palette-${theme}`);
    await page.keyboard.press('Escape');
    for (const name of names) {
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').getByRole('combobox').fill(name);
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').last().waitFor();
      await picture(page, `dialog-${name.toLowerCase().replaceAll(' ', '-')}-${theme}`);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
    }
  }
}

async function windowOn(studio: Studio, served: Served, size: (typeof SIZES)[number]): Promise<Page> {
  const window = await studio.window(size);
  await logIn(window, served);
  return window.page;
}

/** Lets the demo crew come half way, asks for something, and holds it there. */
async function halfWay({ operations }: Orchestrator): Promise<string> {
  const { goal } = value(await operations.setup.demo({ script: 'crew' }, undefined));
  const merged = 2;
  await waitFor(
    operations,
    goal,
    (each) =>
      Object.values(each.tasks).filter((task) => task.kind === 'work' && task.status === 'done').length >= merged,
    240_000,
  );
  const now = await goalOf(operations, goal);
  const busy = Object.values(now.attempts).find((attempt) => attempt.status === 'running');
  await operations.goals.pause({ goal }, undefined);
  if (busy) await operations.goals.interrupt({ goal, agent: busy.agent }, undefined);
  await operations.plan.addTasks(
    { goal, tasks: [{ key: 'a', title: 'Say in the README what due dates are', assignee: { kind: 'nobody' } }] },
    undefined,
  );
  await waitFor(operations, goal, (each) => Object.values(each.items).some((item) => item.closed === null), 60_000);
  return goal;
}

const home = await mkdtemp(join(tmpdir(), 'aios-pictures-'));
await mkdir(OUT, { recursive: true });
const studio = await openStudio('shipped');
const orchestrator = await createOrchestrator(
  {
    home,
    upstreams: [{ id: 'default', baseUrl: 'http://127.0.0.1:9', key: null, scripted: false }],
    executable: null,
    agentCap: 3,
    resources: RESOURCES,
  },
  { demo: createDemoCrew(RESOURCES) },
);
value(await orchestrator.start());
const served = value(await orchestrator.serve({ port: 0, renderer: studio.renderer }));
try {
  const fresh = await windowOn(studio, served, SIZES[0]);
  await tour(fresh, EMPTY, (view, theme) => `empty-${view}-${theme}`);
  await halfWay(orchestrator);
  for (const size of SIZES) {
    const page = await windowOn(studio, served, size);
    await tour(page, VIEWS, (view, theme) => `busy-${view}-${theme}-${size.width}`);
  }
  await dialogs(await windowOn(studio, served, SIZES[0]), DIALOGS);
  const broken = await windowOn(studio, served, SIZES[0]);
  await goTo(broken, 'Graph');
  await broken.locator('.graph-task').first().click();
  for (const theme of THEMES) {
    await putTheme(broken, theme);
    await picture(broken, `busy-task-${theme}-1440`);
  }
  await orchestrator.stop();
  await broken.getByText('The orchestrator does not answer.').waitFor();
  await tour(broken, ['Graph', 'Inbox', 'Review', 'Settings'], (view, theme) => `broken-${view}-${theme}`);
} finally {
  await orchestrator.stop();
  await studio.close();
  await rm(home, { recursive: true, force: true });
}
process.stdout.write(`${taken} pictures are in out/screenshots\n`);
process.exit(0);
