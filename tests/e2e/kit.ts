import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import type { Served } from '#main/index.ts';

/** Sizes every screen is judged at. */
export const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
] as const;

/** The built page and a browser, shared by the tests of a file. */
export interface Studio {
  readonly renderer: string;
  /** A window of its own, not logged in. */
  window(size?: { readonly width: number; readonly height: number }): Promise<Window>;
  close(): Promise<void>;
}

/** A browser window and what went wrong in it. */
export interface Window {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Console errors, exceptions, and requests to anywhere but loopback. Must be empty at the end. */
  readonly problems: readonly string[];
}

/** How Chromium is started: Debian's, which may run as root, without a display. */
export const CHROMIUM = {
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--headless', '--disable-gpu', '--disable-background-networking'],
};

/**
 * Builds the page and starts Chromium. The page has React's warnings in it, which are problems here; `shipped` leaves them
 * out, for what is measured.
 */
export async function openStudio(kind: 'warning' | 'shipped' = 'warning'): Promise<Studio> {
  const renderer = await mkdtemp(join(tmpdir(), 'aios-page-'));
  // Vite asks the environment which React to take, and nothing else decides it.
  const { NODE_ENV } = process.env;
  process.env['NODE_ENV'] = kind === 'shipped' ? 'production' : 'test';
  await build({
    configFile: join(import.meta.dirname, '../../renderer/vite.config.ts'),
    build: { outDir: renderer, emptyOutDir: true, chunkSizeWarningLimit: 5_000 },
    logLevel: 'error',
  }).finally(() => {
    if (NODE_ENV === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = NODE_ENV;
  });
  const browser: Browser = await chromium.launch(CHROMIUM);
  return {
    renderer,
    async window(viewport = SIZES[0]) {
      const context = await browser.newContext({ viewport, reducedMotion: 'reduce' });
      const page = await context.newPage();
      const problems: string[] = [];
      page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
      page.on('pageerror', (error) => problems.push(String(error)));
      page.on('request', (request) => {
        const { protocol, hostname } = new URL(request.url());
        if (['http:', 'https:', 'ws:', 'wss:'].includes(protocol) && hostname !== '127.0.0.1')
          problems.push(`a request to ${hostname}`);
      });
      return { page, context, problems };
    },
    async close() {
      await browser.close();
      await rm(renderer, { recursive: true, force: true });
    },
  };
}

/** Logs a window in. */
export async function logIn({ page }: Window, served: Served): Promise<void> {
  await page.goto(served.oneTimeLink());
  await page.getByRole('navigation', { name: 'AIOS' }).waitFor();
}

/** Goes to a view by the rail. */
export async function goTo(page: Page, view: string): Promise<void> {
  await page.getByRole('navigation', { name: 'AIOS' }).getByRole('button', { name: view, exact: false }).click();
}

/** Chooses a theme for this window, as its settings would. */
export async function putTheme(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.evaluate((chosen) => {
    document.documentElement.dataset['theme'] = chosen;
  }, theme);
}

/** What axe finds on the page, WCAG 2.2 A and AA: rule and where, nothing when it is clean. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}

/** Saves a screenshot when `AIOS_SHOTS` names a folder to look at them. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env['AIOS_SHOTS'];
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** Drags from the middle of one thing to the middle of another, in steps as a hand does. */
export async function drag(
  page: Page,
  from: { x: number; y: number },
  to: { x: number; y: number },
  over?: () => Promise<void>,
) {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 5 });
  await page.mouse.move(to.x, to.y, { steps: 5 });
  await over?.();
  await page.mouse.up();
}

/** The middle of a thing, once it is there, in the window's pixels. */
export async function middle(page: Page, selector: ReturnType<Page['locator']>): Promise<{ x: number; y: number }> {
  await selector.waitFor();
  const box = await selector.boundingBox();
  if (!box) throw new Error(`it has no place: ${page.url()}`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
