import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

/** Agents are processes of their own: more files at once than cores only makes every timeout a matter of luck. */
const maxWorkers = Math.max(1, Math.min(4, availableParallelism()));

/** Suites of real processes get one more try on a machine that others share; a run that needed it says so. */
const retry = process.env['CI'] ? 1 : 0;

/** Beside their sources like unit tests, but with real git, processes and disks throughout: too slow for `check`. */
const REAL = [
  'main/features/workspaces/**/*.test.ts',
  'main/features/collisions/cases.test.ts',
  'main/features/collisions/look.test.ts',
  'main/features/handoff/saves.test.ts',
  'main/features/projects/inspect.test.ts',
  'main/features/review/review.test.ts',
  'main/features/budgets/service.test.ts',
  'main/engine/engine.test.ts',
  'main/adapters/embedded/**/*.test.ts',
];

/** One project a kind of test; `npm test` runs what `TESTED` in scripts/tasks.mjs names. */
export default defineConfig({
  test: {
    maxWorkers,
    reporters: process.env['GITHUB_ACTIONS'] ? ['default', 'github-actions'] : ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{main,agent-host,protocol,scripts}/**/*.test.ts', 'renderer/**/*.test.{ts,tsx}'],
          exclude: [...configDefaults.exclude, ...REAL],
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: { name: 'architecture', include: ['tests/architecture/**/*.test.ts'], testTimeout: 60_000 },
      },
      {
        extends: true,
        // Loading the real one outside its own program would download it.
        resolve: { alias: { electron: fileURLToPath(new URL('tests/electron/stand-in.ts', import.meta.url)) } },
        test: {
          name: 'integration',
          include: ['tests/{conformance,electron,integration,replay,fuzz}/**/*.test.ts', ...REAL],
          testTimeout: 60_000,
          hookTimeout: 30_000,
          retry,
        },
      },
      {
        extends: true,
        test: {
          name: 'scenarios',
          include: ['tests/scenarios/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 60_000,
          retry,
        },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          include: ['tests/faults/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: { name: 'e2e', include: ['tests/e2e/**/*.test.ts'], testTimeout: 120_000, fileParallelism: false },
      },
    ],
  },
});
