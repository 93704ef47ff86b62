import { AsyncIteratorClass } from '@orpc/server';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { err, ok } from '#main/platform/result.ts';
import { createFake, PLAIN, serveFake, statedGoal, TEST_FAULT } from '#main/server/http/test-support.ts';
import type { AgentEvent } from '#protocol/agent/event.ts';
import type { TranscriptView } from '#protocol/contract/feed.ts';
import { goTo, openStudio, type Studio } from './kit.ts';
import { longest, watchTasks } from './long-tasks.ts';

/** What an agent, a repository or a file's name may hold, each part an attempt at something. */
const HOSTILE = [
  '<img src="http://evil.example/a.png" onerror="document.title=\'owned\'">',
  '<script>document.title="owned"</script><iframe src="http://evil.example"></iframe>',
  '<a href="javascript:alert(1)">x</a><svg onload=alert(1)>',
  '![shot](http://evil.example/b.png) [click](javascript:alert(1)) [f](file:///etc/passwd) http://evil.example/c',
  '\u202Etxt.exe\u200B\u2066\u{E0041} \u001B[31mred\u001B[0m \u001B]8;;http://evil.example\u0007link\u001B]8;;\u0007',
].join(' ');

/** How much of everything there is. */
interface Amount {
  readonly title: number;
  readonly output: number;
  readonly files: number;
  readonly total: number;
  readonly lines: number;
}
const SMALL: Amount = { title: 300, output: 300, files: 20, total: 20, lines: 50 };
const HUGE: Amount = { title: 1_000_000, output: 10_000_000, files: 5_000, total: 100_000, lines: 20_000 };

const LONG_MS = 50;
const TRIES = 3;
const ref = (id: string) => ({ id, hash: 'h' });
const filled = (size: number) => `${HOSTILE} ${'x'.repeat(Math.max(0, size - HOSTILE.length))}`;
const closers: Array<() => Promise<void>> = [];
let studio: Studio;
let shipped: Studio;

beforeAll(async () => {
  studio = await openStudio();
  shipped = await openStudio('shipped');
}, 120_000);
afterAll(async () => {
  await studio.close();
  await shipped.close();
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A goal with one agent at work, whose every text is hostile. */
function populate(fake: ReturnType<typeof createFake>, amount: Amount): void {
  const stated = statedGoal('p1');
  const agents = stated.agents.map((agent) => ({ ...agent, name: HOSTILE }));
  const goal = 'goal/goal_1';
  fake.publish(
    goal,
    { ...stated, agents: [...agents, { ...agents[0], id: 'agent_2' } as (typeof agents)[0]], solo: null },
    { t: HOSTILE },
  );
  fake.publish(
    goal,
    {
      type: 'task.added',
      kind: 'work',
      task: 't1',
      title: ref('t1'),
      brief: ref('t1'),
      assignee: { kind: 'role', role: 'backend' },
      dependsOn: [],
      proposed: false,
      by: 'ceo',
      about: null,
    },
    { t1: filled(amount.title) },
  );
  const session = '00000000-0000-4000-8000-000000000000';
  fake.publish(goal, { type: 'attempt.started', attempt: 'a1', task: 't1', agent: 'agent_1', number: 1, session });
  fake.publish(goal, { type: 'attempt.prepared', attempt: 'a1', base: 'abc', workspace: '/nowhere' });
  fake.publish(goal, {
    type: 'run.ordered',
    run: 'r1',
    attempt: 'a1',
    reason: 'first',
    about: [],
    resume: false,
    session: null,
    resolved: [],
  });
  fake.publish(goal, { type: 'run.started', run: 'r1', attempt: 'a1', until: Date.now() + 1e7 });
  fake.publish(
    goal,
    { type: 'item.opened', item: 'i1', kind: 'approval', task: 't1', attempt: 'a1', title: ref('q'), detail: ref('q') },
    { q: HOSTILE },
  );
  fake.publish(
    'conversation/goal_1.c1',
    {
      type: 'message.sent',
      message: 'm1',
      goal: 'goal_1',
      from: 'agent_1',
      to: ['agent_2'],
      kind: 'request',
      subject: ref('q'),
      body: ref('q'),
      replyTo: null,
      wantsAnswer: true,
      deadline: null,
      attachments: [],
      hops: 0,
      ...PLAIN,
    },
    {},
  );
}

function linesOf(amount: Amount) {
  const events: AgentEvent[] = [
    { type: 'text', text: HOSTILE },
    { type: 'tool-call', toolUseId: 'u1', kind: 'shell', tool: 'Bash', title: HOSTILE, input: HOSTILE },
    { type: 'tool-result', toolUseId: 'u1', ok: true, output: filled(amount.output) },
    { type: 'text', text: 'The end of it.' },
  ];
  return events.map((event, index) => ({ run: 'r1', sequence: index + 1, at: 1, event }));
}

/** The page before a fake whose work and words are of an amount. */
async function open({ renderer, window: openWindow }: Studio, amount: Amount) {
  const fake = createFake();
  populate(fake, amount);
  const files = Array.from({ length: amount.files }, (_, index) => ({
    path: index === 0 ? `a/${HOSTILE.replaceAll('/', ':')}` : `folder${index % 50}/deep/file${index}.ts`,
    from: null,
    status: 'modified' as const,
    additions: 1,
    deletions: 1,
  }));
  const diff = `@@ -1,0 +1,${amount.lines} @@ ${HOSTILE}\n${`+${HOSTILE}\n`.repeat(20)}${'+const one = 1;\n'.repeat(amount.lines - 20)}`;
  const { operations } = fake;
  const changes = {
    base: 'abc',
    head: 'def',
    files,
    total: amount.total,
    commits: [],
    workspace: null,
    uncommitted: false,
  };
  const served = await serveFake(fake, {
    renderer,
    operations: {
      ...operations,
      review: {
        ...operations.review,
        changes: async () => ok(changes),
        fileDiff: async () => ok({ diff, truncated: false, binary: false }),
        apps: async () => ok([]),
      },
      feed: {
        ...operations.feed,
        followTranscript: async ({ run, after = 0 }, signal) => {
          if (run !== 'r1') return err(TEST_FAULT);
          // The run goes on, so the stream stays open after what there is.
          const source = (async function* () {
            yield linesOf(amount).filter(({ sequence }) => sequence > after);
            await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
          })();
          return ok(
            new AsyncIteratorClass<TranscriptView[], unknown, void>(
              () => source.next(),
              async () => void source.return(undefined),
            ),
          );
        },
      },
    },
  });
  closers.push(served.close);
  const window = await openWindow();
  closers.unshift(() => window.context.close());
  const dialogs: string[] = [];
  window.page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await watchTasks(window.page);
  await window.page.goto(served.oneTimeLink());
  await window.page.getByRole('navigation', { name: 'AIOS' }).waitFor();
  return { ...window, dialogs };
}

const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true }).click();

/** Walks through all places that show the texts; how long each held the page up. */
async function walk(page: Page): Promise<Record<string, number>> {
  const held: Record<string, number> = {};
  held['board'] = await longest(page, async () => {
    await goTo(page, 'Board');
    await page.getByText('<img').first().waitFor();
  });
  held['graph'] = await longest(page, async () => {
    await goTo(page, 'Graph');
    await page.locator('[data-agent="agent_1"]').click();
  });
  held['transcript'] = await longest(page, async () => {
    await tab(page, 'Transcript');
    await page.getByText('The end of it.').waitFor();
    await page.getByRole('log').getByRole('button', { expanded: false }).first().click();
    await page.getByRole('log').getByText('Result').waitFor();
  });
  held['search'] = await longest(page, () => page.locator('#inspect-search').fill('owned'));
  held['changes'] = await longest(page, async () => {
    await tab(page, 'Changes');
    await page.getByRole('grid').getByText('<script>').first().waitFor();
  });
  held['filter'] = await longest(page, async () => {
    await page.getByRole('searchbox').first().fill('file1');
    await page.getByRole('searchbox').first().fill('');
  });
  held['messages'] = await longest(page, () => tab(page, 'Messages'));
  held['inbox'] = await longest(page, async () => {
    await goTo(page, 'Inbox');
    await page.getByText('<img').first().waitFor();
  });
  return held;
}

/** Whatever content made of itself: elements it may never become, and a title it may not set. */
async function inert(page: Page): Promise<void> {
  expect(await page.title()).toBe('AIOS');
  expect(await page.locator('img, iframe, object, embed, a[href], script:not([src]), svg[onload]').count()).toBe(0);
}

test('markup, links, pictures, marks of direction and terminal codes stay text in every place', async () => {
  const { page, problems, dialogs } = await open(studio, SMALL);
  for (const view of ['Start', 'Graph', 'Board', 'Timeline', 'Inbox', 'Runs', 'Review', 'Memory', 'Cost', 'Infra']) {
    await goTo(page, view);
    await page.getByRole('main', { name: view }).waitFor();
    await inert(page);
  }
  await goTo(page, 'Board');
  await page.getByText('‹U+202E›').first().waitFor();
  await page.getByText('‹U+200B›').first().waitFor();
  expect(await page.locator('body').innerText()).not.toMatch(/\u202E|\u200B|\p{Cc}\[/u);
  await goTo(page, 'Graph');
  await page.locator('[data-agent="agent_1"]').click();
  for (const name of ['Transcript', 'Changes', 'Checks', 'Messages', 'Route & cost', 'History', 'Overview']) {
    await tab(page, name);
    await inert(page);
  }
  expect(dialogs).toEqual([]);
  expect(problems).toEqual([]);
});

/*
 * Other programs share the machine and only ever add time, so the shortest of three tries counts, small and huge by turns;
 * what the same steps take with a little of everything is not the content's doing. The transcript's line has arrived in
 * the first round: taking a message of 10 MB apart is the connection's work, and is not measured here.
 */
test('huge texts, lists and diffs hold the page up hardly longer than small ones', { timeout: 300_000 }, async () => {
  const measured = async (amount: Amount) => {
    const { page, problems, dialogs } = await open(shipped, amount);
    // The first round loads and mounts every view, and lets the texts arrive; the second one is measured.
    await walk(page);
    const held = await walk(page);
    await inert(page);
    expect([...problems, ...dialogs]).toEqual([]);
    for (const close of closers.splice(0)) await close();
    return held;
  };
  const small: Array<Record<string, number>> = [];
  const huge: Array<Record<string, number>> = [];
  for (let round = 0; round < TRIES; round += 1) {
    small.push(await measured(SMALL));
    huge.push(await measured(HUGE));
  }
  const least = (all: typeof small, place: string) => Math.min(...all.map((each) => each[place] ?? 0));
  const figures = Object.keys(huge[0] ?? {}).map((place) => ({
    place,
    small: least(small, place),
    huge: least(huge, place),
  }));
  if (process.env['AIOS_FIGURES']) console.table(figures);
  expect(figures.filter((each) => each.huge > Math.max(LONG_MS, each.small) + LONG_MS)).toEqual([]);
});
