import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { NODE_FLAGS } from './node-flags.mjs';

const QUIET = ['--disable-warning=ExperimentalWarning'];
const bin = (name) => ['node', join('node_modules', name)];
const biome = bin('@biomejs/biome/bin/biome');
const tsc = bin('typescript/bin/tsc');
const vitest = bin('vitest/vitest.mjs');

/** Every folder with a type-check program of its own. */
function programs(root) {
  return readdirSync(root, { withFileTypes: true })
    .filter(
      (entry) =>
        entry.isDirectory() && entry.name !== 'node_modules' && existsSync(join(root, entry.name, 'tsconfig.json')),
    )
    .map((entry) => entry.name);
}

/** The folders the layering rules are about. */
function layers(root) {
  return ['protocol', 'main', 'agent-host', 'renderer', 'electron', 'bin', 'scripts', 'tests'].filter((folder) =>
    existsSync(join(root, folder)),
  );
}

/** The steps of `check`, in the order they are reported. Those that `type` are run at the same time. */
export function checkSteps(root) {
  return [
    { name: 'format', command: [...biome, 'format', '.'] },
    { name: 'lint', command: [...biome, 'lint', '.'] },
    { name: 'lint by types', command: [...bin('oxlint/bin/oxlint'), '--type-aware', '--quiet', ...layers(root)] },
    ...programs(root).map((folder) => ({ name: `types ${folder}`, group: 'types', command: [...tsc, '-p', folder] })),
    {
      name: 'layers',
      command: [
        ...bin('dependency-cruiser/bin/dependency-cruiser.mjs'),
        '--config',
        '.dependency-cruiser.mjs',
        ...layers(root),
      ],
    },
    { name: 'unused code', command: [...bin('knip/bin/knip.js')] },
    { name: 'unit tests', command: [...vitest, 'run', '--project', 'unit'] },
  ];
}

/** Tasks that are one program: `node scripts/run.mjs NAME ARGS...`. */
export const PROGRAMS = {
  format: [...biome, 'check', '--write', '.'],
  build: [...bin('vite/bin/vite.js'), 'build', '-c', 'renderer/vite.config.ts'],
  watch: vitest,
  bench: ['node', ...NODE_FLAGS, 'tests/bench/index.ts'],
  scenarios: [...vitest, 'run', '--project', 'scenarios'],
  faults: ['node', ...QUIET, 'tests/faults/main.ts'],
  rehearsals: ['node', ...QUIET, 'tests/rehearsals/seeds.ts'],
  e2e: [...vitest, 'run', '--project', 'e2e'],
  screenshots: ['node', ...QUIET, 'tests/e2e/screenshots.ts'],
};

/** The kinds of tests `test` runs: all that need nothing but this repository and take minutes at most. */
export const TESTED = ['unit', 'architecture', 'integration'];

/** What `test` runs. Arguments narrow it. */
export const TEST = [...vitest, 'run', ...TESTED.flatMap((project) => ['--project', project]), '--passWithNoTests'];
