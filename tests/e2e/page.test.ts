import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createFake, serveFake, statedGoal } from '#main/server/http/test-support.ts';

const ref = (id: string) => ({ id, hash: 'h' });
const HOSTILE = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>';
const closers: Array<() => Promise<void>> = [];
let browser: Browser;
let renderer: string;

beforeAll(async () => {
  renderer = await mkdtemp(join(tmpdir(), 'aios-page-'));
  await build({
    configFile: join(import.meta.dirname, '../../renderer/vite.config.ts'),
    build: { outDir: renderer },
    logLevel: 'error',
  });
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--headless', '--disable-gpu', '--disable-background-networking'],
  });
}, 60_000);

afterAll(async () => {
  await browser.close();
  await rm(renderer, { recursive: true, force: true });
});

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A goal with a little of everything. */
function populate(fake: ReturnType<typeof createFake>) {
  const ada = statedGoal('p1');
  const agents = [
    ...ada.agents,
    { id: 'agent_2', name: 'Grace', role: 'qa', driver: 'claude-code', model: 'default', lead: false },
  ];
  fake.publish('goal/goal_1', { ...ada, agents, solo: null }, { t: 'Add due dates to tasks, with reminders' });
  const task = {
    type: 'task.added',
    kind: 'work',
    brief: ref('t'),
    assignee: { kind: 'role', role: 'backend' },
    proposed: false,
    by: 'ceo',
    about: null,
  } as const;
  fake.publish('goal/goal_1', { ...task, task: 't1', title: ref('t1'), dependsOn: [] }, { t1: 'Store due dates' });
  fake.publish('goal/goal_1', { ...task, task: 't2', title: ref('t2'), dependsOn: ['t1'] }, { t2: HOSTILE });
  fake.publish('goal/goal_1', {
    type: 'attempt.started',
    attempt: 'a1',
    task: 't1',
    agent: 'agent_1',
    number: 1,
    session: '00000000-0000-4000-8000-000000000000',
  });
  fake.publish(
    'goal/goal_1',
    { type: 'item.opened', item: 'i1', kind: 'approval', task: 't1', attempt: 'a1', title: ref('q'), detail: ref('d') },
    { q: 'Run a command?', d: 'npm install date-fns' },
  );
  fake.publish(
    'conversation/c1',
    {
      type: 'message.sent',
      message: 'm1',
      goal: 'goal_1',
      from: 'agent_1',
      to: ['agent_2'],
      kind: 'request',
      subject: ref('s'),
      body: ref('b'),
      replyTo: null,
      wantsAnswer: true,
      deadline: null,
      attachments: [],
      hops: 0,
    },
    { s: 'Which date format do the tests expect?', b: 'ISO 8601, or what the list shows today?' },
  );
  fake.publish('budget/tree', { type: 'budget.opened', node: 'goal/goal_1', parent: null, kind: 'goal', cap: 5e9 });
}

async function open() {
  const fake = createFake();
  populate(fake);
  const served = await serveFake(fake, { renderer });
  closers.push(served.close);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(String(error)));
  closers.unshift(() => context.close());
  return { fake, served, page, problems };
}

const shown = (page: Page, text: string) => page.getByText(text).first().waitFor({ timeout: 5_000 });

test('a link logs in, the page shows everything live, and agents’ text stays text', async () => {
  const { fake, served, page, problems } = await open();
  await page.goto(served.oneTimeLink());
  await shown(page, 'Store due dates');
  expect(page.url()).toBe(`${served.origin}/`);
  await shown(page, 'after Store due dates');
  await shown(page, 'Which date format do the tests expect?');
  await shown(page, HOSTILE);
  expect(await page.title()).toBe('AIOS');
  const shots = process.env['AIOS_SHOTS'];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    if (shots) await page.screenshot({ path: join(shots, `page-${colorScheme}.png`) });
  }
  fake.publish('goal/goal_1', { type: 'task.ended', task: 't1', status: 'done' });
  await shown(page, '1 of 2 done');
  expect(problems).toEqual([]);
});

test('an answer and a stop reach the orchestrator; a session survives a reload', async () => {
  const { fake, served, page } = await open();
  await page.goto(served.oneTimeLink());
  await page.getByLabel('Your words').fill('go ahead');
  await page.getByRole('button', { name: 'Allow', exact: true }).click();
  await expect
    .poll(() => fake.calls.find((call) => call.name === 'answer')?.input)
    .toMatchObject({ goal: 'goal_1', item: 'i1', answer: 'allow', text: 'go ahead' });
  await page.reload();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect.poll(() => fake.snapshot().goals[0]?.status).toBe('stopped');
});

test('without a session the page says what to do; a used link does, too', async () => {
  const { served, page } = await open();
  await page.goto(served.origin);
  await shown(page, 'This browser is not logged in.');
  await page.goto(`${served.origin}/login#nonsense`);
  await shown(page, 'This link was used already');
});

test('a lost orchestrator is shown, and what was seen stays', async () => {
  const { served, page } = await open();
  await page.goto(served.oneTimeLink());
  await shown(page, 'Store due dates');
  await served.server.close();
  await shown(page, 'The orchestrator cannot be reached.');
  await shown(page, 'Store due dates');
});
