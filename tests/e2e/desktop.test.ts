import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFake, serveFake, statedGoal } from '#main/server/http/test-support.ts';
import { createPortServer } from '#main/server/port/index.ts';
import { openStudio, type Studio } from './kit.ts';

/** What the preload offers, played in the page, and what the test does to it. */
interface Played {
  aiosShell: unknown;
  shellPort: MessagePort;
  toShell(text: string): void;
  command(id: string): void;
  route(hash: string): void;
}

let studio: Studio;
beforeAll(async () => {
  studio = await openStudio();
}, 120_000);
afterAll(() => studio.close());

/** The page in a browser that has the desktop's shell around it: a port instead of a socket and a login. */
test('in the desktop the page is connected by a port, and hears menu, links and dropped folders', async () => {
  const fake = createFake();
  fake.publish('goal/goal_1', statedGoal('p1'), { t: 'Add due dates' });
  const served = await serveFake(fake, { renderer: studio.renderer });
  const { page, context, problems } = await studio.window();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  let hear: (event: { readonly data: unknown }) => void = () => undefined;
  await page.exposeFunction('toShell', (data: string) => hear({ data }));
  await page.addInitScript(() => {
    const played = window as unknown as Played;
    played.aiosShell = {
      requestPort(token: string) {
        const { port1, port2 } = new MessageChannel();
        played.shellPort = port1;
        port1.onmessage = ({ data }) => played.toShell(data);
        window.postMessage(token, location.origin, [port2]);
      },
      openExternal: async () => false,
      pathOf: () => '/dropped/repository',
      onCommand(listener: (id: string) => void) {
        played.command = listener;
        return () => undefined;
      },
      onRoute(listener: (hash: string) => void) {
        played.route = listener;
        return () => undefined;
      },
    };
  });
  createPortServer(fake.operations)({
    on: (event: 'message' | 'close', listener: (event: { data: unknown }) => void) => {
      if (event === 'message') hear = listener;
    },
    postMessage: (data) =>
      void page
        .evaluate((text) => (window as unknown as Played).shellPort.postMessage(text), data)
        .catch(() => undefined),
    start: () => undefined,
  });
  try {
    await page.goto(served.origin);
    await page.getByText('Add due dates').first().waitFor();
    expect(asked.filter((path) => path.startsWith('/api') || path === '/rpc')).toEqual([]);
    await page.evaluate(() => (window as unknown as Played).command('go.inbox'));
    await expect.poll(() => page.url()).toContain('#/inbox');
    await page.evaluate(() => (window as unknown as Played).route('#/board/goal_1'));
    await expect.poll(() => page.url()).toContain('#/board/goal_1');
    await page.evaluate(() => {
      const items = [{ webkitGetAsEntry: () => ({ isDirectory: true }) }];
      const dataTransfer = { types: ['Files'], files: [new File([], 'repository')], items };
      window.dispatchEvent(Object.assign(new Event('drop', { cancelable: true }), { dataTransfer }));
    });
    await expect
      .poll(() => page.evaluate(() => localStorage.getItem('aios.goal-draft')))
      .toContain('/dropped/repository');
    await page.getByRole('dialog').waitFor();
    expect(problems).toEqual([]);
  } finally {
    await context.close();
    await served.close();
  }
});
