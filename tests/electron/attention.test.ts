import { afterEach, describe, expect, it } from 'vitest';
import { createFake, type FakeOrchestrator, statedGoal } from '#main/server/http/test-support.ts';
import { type Attention, startAttention } from '../../electron/attention.ts';
import { hashOfLink } from '../../electron/links.ts';
import { guardQuit } from '../../electron/quit.ts';
import { createTray } from '../../electron/tray.ts';
import { freshElectron } from './kit.ts';
import { app, BrowserWindow, stage } from './stand-in.ts';

freshElectron();

const ref = (id: string) => ({ id, hash: 'h' });
const GOAL = 'goal/goal_1';
let attention: Attention;
afterEach(() => attention.stop());

function run(fake: FakeOrchestrator): void {
  const task = { kind: 'work', brief: ref('b'), assignee: { kind: 'anyone' }, by: 'ceo', about: null } as const;
  fake.publish(GOAL, { type: 'task.added', task: 't1', title: ref('t'), dependsOn: [], proposed: false, ...task });
  const session = '00000000-0000-4000-8000-000000000000';
  fake.publish(GOAL, { type: 'attempt.started', attempt: 'a1', task: 't1', agent: 'agent_1', number: 1, session });
  fake.publish(GOAL, {
    type: 'run.ordered',
    run: 'r1',
    attempt: 'a1',
    agent: 'agent_1',
    reason: 'start',
    resume: false,
  } as never);
  fake.publish(GOAL, { type: 'run.started', run: 'r1', attempt: 'a1' } as never);
}

function ask(fake: FakeOrchestrator, text: string): void {
  fake.publish(
    GOAL,
    { type: 'item.opened', item: 'i1', kind: 'question', task: null, attempt: null, title: ref('q'), detail: null },
    { q: text },
  );
}

function start(): { fake: FakeOrchestrator; went: string[]; window: BrowserWindow } {
  const fake = createFake();
  fake.publish(GOAL, statedGoal('p1'), { t: 'Add due dates' });
  const went: string[] = [];
  const window = new BrowserWindow({});
  const tray = createTray('tray.png', { show: (hash) => void went.push(hash ?? 'window'), stopAll() {}, quit() {} });
  attention = startAttention(fake.operations, {
    window: () => window as never,
    goTo: (hash) => void went.push(hash),
    onSummary: (summary) => tray?.(summary),
    badge: 'badge.png',
  });
  return { fake, went, window };
}

const notified = () => stage.notifications.map(({ options }) => [options.title, options.body]);

describe('the CEO’s attention', () => {
  it('is called for what needs them, and a click goes there', async () => {
    const { fake, went } = start();
    await expect.poll(() => fake.watchers).toBe(1);
    ask(fake, 'Which\u202E format\u0007?');
    await expect.poll(notified).toEqual([['AIOS needs you', 'Which format ?']]);
    expect(stage.badge).toBe(1);
    expect(stage.trays[0]?.menu.map(({ label }) => label)).toContain('Needs you: 1');
    stage.notifications[0]?.emit('click');
    expect(went).toEqual(['#/inbox']);
  });

  it('is not called for what was so before, nor while they look', async () => {
    const { fake, window } = start();
    await expect.poll(() => fake.watchers).toBe(1);
    expect(stage.notifications).toEqual([]);
    window.focused = true;
    ask(fake, 'Which?');
    await expect.poll(() => stage.badge).toBe(1);
    expect(stage.notifications).toEqual([]);
  });

  it('shows in the tray how many agents run', async () => {
    const { fake } = start();
    await expect.poll(() => fake.watchers).toBe(1);
    run(fake);
    await expect.poll(() => stage.trays[0]?.tip).toBe('AIOS: 1 running, $0.00 spent');
    expect(attention.summary().busy).toEqual(['goal_1']);
    expect(stage.notifications).toEqual([]);
  });
});

describe('quitting while agents run', () => {
  async function quitting(answer: number) {
    const { fake, window } = start();
    await expect.poll(() => fake.watchers).toBe(1);
    run(fake);
    await expect.poll(() => attention.summary().running).toBe(1);
    const did: string[] = [];
    guardQuit({
      operations: fake.operations,
      summary: attention.summary,
      hide: () => window.close(),
      show: () => void did.push('show'),
      end: async () => void did.push('end'),
    });
    stage.answers = [answer];
    app.quit();
    await expect.poll(() => stage.asked.length).toBe(1);
    return { fake, did };
  }
  const asked = (fake: FakeOrchestrator) =>
    fake.calls.map(({ name }) => name).filter((name) => /pause|stop/.test(name));

  it('can keep them in the background, without a window', async () => {
    const { fake, did } = await quitting(0);
    await expect.poll(() => stage.windows).toEqual([]);
    expect([did, asked(fake), stage.asked[0]?.message]).toEqual([[], [], '1 agent is running.']);
    // A later quit asks again.
    stage.answers = [3];
    app.quit();
    await expect.poll(() => did).toEqual(['show']);
  });

  it.each([
    ['pause', 1],
    ['stop', 2],
  ])('can %s them first', async (name, answer) => {
    const { fake, did } = await quitting(answer);
    await expect.poll(() => did).toEqual(['end']);
    expect(asked(fake)).toEqual([name]);
    await expect.poll(() => stage.windows).toEqual([]);
  });

  it('can be taken back', async () => {
    const { fake, did } = await quitting(3);
    await expect.poll(() => did).toEqual(['show']);
    expect([asked(fake), stage.windows.length]).toEqual([[], 1]);
  });
});

describe('links', () => {
  it.each([
    ['aios://goal/goal_1', '#/graph/goal_1'],
    ['aios://goal/goal_1/task/task_2', '#/graph/goal_1/task%3Atask_2'],
    ['aios://goal/', null],
    ['aios://goal/../../x', null],
    ['aios://goal/a/task/b/c', null],
    ['aios://goal/a#x', null],
    [`aios://goal/${'a'.repeat(101)}`, null],
    ['https://goal/a', null],
  ])('%.40s goes to %s', (link, hash) => expect(hashOfLink(link)).toBe(hash));
});
