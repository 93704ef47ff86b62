import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createFake, PLAIN, serveFake, statedGoal } from '#main/server/http/test-support.ts';
import { accessibilityProblems, goTo, openStudio, putTheme, SIZES, type Studio, shoot } from './kit.ts';

const ref = (id: string) => ({ id, hash: 'h' });
const HOSTILE = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>';
const closers: Array<() => Promise<void>> = [];
let studio: Studio;

beforeAll(async () => {
  studio = await openStudio();
}, 120_000);
afterAll(() => studio.close());
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A goal with a little of everything, some of it hostile. */
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
  fake.publish(
    'goal/goal_1',
    { ...task, task: 't3', title: ref('t3'), dependsOn: [] },
    { t3: `safe\u202Etxt.exe\u200B ${'long '.repeat(2_000)}` },
  );
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
      ...PLAIN,
    },
    { s: 'Which date format do the tests expect?', b: 'ISO 8601, or what the list shows today?' },
  );
  fake.publish('budget/tree', { type: 'budget.opened', node: 'goal/goal_1', parent: null, kind: 'goal', cap: 5e9 });
}

async function open(size: (typeof SIZES)[number] = SIZES[0]) {
  const fake = createFake();
  populate(fake);
  const served = await serveFake(fake, { renderer: studio.renderer });
  closers.push(served.close);
  const window = await studio.window(size);
  closers.unshift(() => window.context.close());
  return { fake, served, ...window };
}

test('agents’ text stays text wherever it is shown, and what cannot be seen is made visible', async () => {
  const { served, page, problems } = await open();
  await page.goto(served.oneTimeLink());
  await goTo(page, 'Board');
  await page.getByText(HOSTILE).first().waitFor();
  await page.getByText('‹U+202E›').first().waitFor();
  await goTo(page, 'Graph');
  await goTo(page, 'Inbox');
  await page.getByText('npm install date-fns').first().waitFor();
  expect(await page.title()).toBe('AIOS');
  expect(await page.locator('img, iframe, script:not([src])').count()).toBe(0);
  expect(problems).toEqual([]);
});

test.each(SIZES)(
  'every view is accessible in both themes at $width x $height',
  async (size) => {
    const { served, page, problems } = await open(size);
    await page.goto(served.oneTimeLink());
    const found: string[] = [];
    const views = [
      'Start',
      'Graph',
      'Board',
      'Timeline',
      'Inbox',
      'Runs',
      'Review',
      'Memory',
      'Cost',
      'Infra',
      'Settings',
    ];
    for (const view of views) {
      await goTo(page, view);
      await page.getByRole('main', { name: view }).waitFor();
      for (const theme of ['light', 'dark'] as const) {
        await putTheme(page, theme);
        await shoot(page, `${view.toLowerCase()}-${theme}-${size.width}`);
        found.push(...(await accessibilityProblems(page)).map((problem) => `${view} ${theme}: ${problem}`));
      }
    }
    expect([...new Set(found)]).toEqual([]);
    expect(problems).toEqual([]);
  },
  180_000,
);

test('an answer given by key reaches the orchestrator with the reply', async () => {
  const { fake, served, page } = await open();
  await page.goto(served.oneTimeLink());
  await goTo(page, 'Inbox');
  await page.getByLabel('A note for the agent (optional)').fill('go ahead');
  await page.keyboard.press('Escape');
  await page.keyboard.press('y');
  await expect
    .poll(() => fake.calls.find((call) => call.name === 'answer')?.input)
    .toMatchObject({ goal: 'goal_1', item: 'i1', answer: 'allow', text: 'go ahead' });
});

test('“always” shows the pattern first and refuses one that does not fit', async () => {
  const { fake, served, page } = await open();
  await page.goto(served.oneTimeLink());
  await goTo(page, 'Inbox');
  await page.keyboard.press('Shift+A');
  const pattern = page.getByLabel('Always allow commands that start with');
  await pattern.fill('rm -rf');
  expect(await page.getByRole('button', { name: 'Always allow this' }).isDisabled()).toBe(true);
  await pattern.fill('npm install');
  await page.getByRole('button', { name: 'Always allow this' }).click();
  await expect
    .poll(() => fake.calls.find((call) => call.name === 'answer')?.input)
    .toMatchObject({ answer: 'allow-always', text: 'npm install' });
});

test('what was typed and where one was survive a reload', async () => {
  const { served, page } = await open();
  await page.goto(served.oneTimeLink());
  await goTo(page, 'Inbox');
  await page.getByLabel('A note for the agent (optional)').fill('half a thought');
  await page.reload();
  await page.getByRole('main', { name: 'Inbox' }).waitFor();
  expect(await page.getByLabel('A note for the agent (optional)').inputValue()).toBe('half a thought');
});

test('without a session the page says what to do; a used link does, too', async () => {
  const { served, page } = await open();
  await page.goto(served.origin);
  await page.getByText('npx aios open').waitFor();
  await page.goto(`${served.origin}/login#nonsense`);
  await page.getByText('This link was used already').waitFor();
});

test('a lost orchestrator is shown, what was seen stays, and nothing is sent', async () => {
  const { fake, served, page } = await open();
  await page.goto(served.oneTimeLink());
  await goTo(page, 'Inbox');
  await served.server.close();
  await page.getByText('The orchestrator does not answer.').waitFor();
  await page.getByText('npm install date-fns').first().waitFor();
  await page.getByRole('button', { name: /Allow once/ }).click();
  await page.getByText('Nothing was sent.').waitFor();
  expect(fake.calls.some((call) => call.name === 'answer')).toBe(false);
});

test('everything can be done by name, and keys are listed', async () => {
  const { served, page } = await open();
  await page.goto(served.oneTimeLink());
  await page.getByRole('navigation', { name: 'AIOS' }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Type what you want to do').fill('timeline');
  await page.keyboard.press('Enter');
  await page.getByRole('main', { name: 'Timeline' }).waitFor();
  await page.keyboard.press('Shift+?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
});

test('buttons without words are explained, with the pointer and by keyboard', async () => {
  const { served, page } = await open();
  await page.goto(served.oneTimeLink());
  const palette = page.getByRole('button', { name: 'Do anything' });
  const tip = page.locator('.tip');
  await palette.hover();
  await tip.getByText('Do anything').waitFor();
  await shoot(page, 'tip-pointer');
  // What explains can itself be pointed at, and marked.
  await tip.hover();
  await expect.poll(() => tip.count()).toBe(1);
  await page.keyboard.press('Escape');
  await expect.poll(() => tip.count()).toBe(0);
  await palette.focus();
  await page.keyboard.press('Tab');
  await tip.getByText(/theme/i).waitFor();
  await page.keyboard.press('Shift+Tab');
  await tip.getByText('Do anything').waitFor();
  await palette.click();
  await expect.poll(() => tip.count()).toBe(0);
});

test('a goal is chosen from the header, with the pointer and by keyboard', async () => {
  const { served, page, fake } = await open();
  fake.publish('goal/goal_2', { ...statedGoal('p1'), text: ref('t9') }, { t9: 'Write the release notes' });
  await page.goto(served.oneTimeLink());
  const goals = page.locator('header').getByRole('button', { name: /^Goal/ });
  const menu = page.getByRole('menu', { name: 'Goal' });
  await goals.click();
  await menu.waitFor();
  await shoot(page, 'menu-goals');
  await page.keyboard.press('Escape');
  await expect.poll(() => menu.count()).toBe(0);
  await expect.poll(() => goals.evaluate((button) => button === document.activeElement)).toBe(true);
  await page.keyboard.press('ArrowDown');
  const first = menu.getByRole('menuitem').first();
  await expect.poll(() => first.getAttribute('data-highlighted')).toBe('');
  const before = await goals.innerText();
  await page.keyboard.press('Enter');
  await expect.poll(() => menu.count()).toBe(0);
  await expect.poll(() => goals.innerText()).not.toBe(before);
  await goals.click();
  await menu.getByText('Write the release notes').click();
  await expect.poll(() => goals.innerText()).toContain('Write the release notes');
  await goals.click();
  await menu.waitFor();
  await page.mouse.click(700, 600);
  await expect.poll(() => menu.count()).toBe(0);
});

test('whoever goes somewhere before anything is known is not led to Start', async () => {
  const served = await serveFake(createFake(), { renderer: studio.renderer });
  closers.push(served.close);
  const { page, context, problems } = await studio.window();
  closers.unshift(() => context.close());
  let went = Promise.withResolvers<void>();
  await page.routeWebSocket(/\/rpc$/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => void went.promise.then(() => socket.send(message)));
  });
  await page.route(/\/api\/first-snapshot$/, async (route) => {
    await went.promise;
    await route.continue();
  });
  // The second time the window already stands where one clicks.
  for (let time = 0; time < 2; time += 1) {
    went = Promise.withResolvers<void>();
    await page.goto(served.oneTimeLink());
    await goTo(page, 'Board');
    went.resolve();
    await page.getByRole('main', { name: 'Board' }).waitFor();
    await expect.poll(() => page.getByRole('main').getAttribute('aria-label')).toBe('Board');
  }
  expect(problems).toEqual([]);
});
