/**
 * The real Electron, from first run to a merged demo: `node tests/electron/real.ts`. Where its binary or a display is
 * missing it says `not run` and ends with 0; with `--must-run` that is a failure.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron as electron } from 'playwright-core';
import { findDesktop } from '#main/cli/desktop.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MERGED_WITHIN_MS = 240_000;

async function firstRun(program: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'aios-real-'));
  const app = await electron.launch({
    executablePath: program,
    args: [join(ROOT, 'out', 'electron', 'electron', 'index.js')],
    env: { ...process.env, AIOS_HOME: join(folder, 'data') } as Record<string, string>,
  });
  try {
    const page = await app.firstWindow();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    const rail = page.getByRole('navigation', { name: 'AIOS' });
    await rail.waitFor();
    if ((await page.evaluate(() => location.origin)) !== 'app://aios') throw new Error('the page is not at app://aios');
    if (await page.evaluate(() => 'require' in window || 'process' in window)) throw new Error('the page sees Node');
    await rail.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('button', { name: 'Start the demo crew' }).click();
    await page
      .getByText(/ready to accept/i)
      .first()
      .waitFor({ timeout: MERGED_WITHIN_MS });
    if (problems.length > 0) throw new Error(problems.join('\n'));
  } finally {
    await app.evaluate(({ app: running }) => running.quit()).catch(() => undefined);
    await app.close().catch(() => undefined);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

const desktop = findDesktop(ROOT, process.env);
if (desktop.found) {
  await firstRun(desktop.program);
  console.log('1 passed, 0 failed, 0 skipped');
} else {
  console.log(`not run: ${desktop.why}`);
  process.exitCode = process.argv.includes('--must-run') ? 1 : 0;
}
