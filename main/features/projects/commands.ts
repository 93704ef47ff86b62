import { z } from 'zod';
import type { ReadProjectFile } from './reader.ts';

/** The commands a project seems to want, for the CEO to confirm. Absent ones are simply not known. */
export interface ProjectCommands {
  /** Makes a fresh clone ready to work in. */
  readonly setup?: string;
  /** Exits 0 when the work is right. */
  readonly verify?: string;
  /** The file the proposal comes from, or `none`. */
  readonly source: string;
}

const dependencies = z.record(z.string(), z.unknown()).optional().catch(undefined);
const manifest = z.object({
  scripts: z.record(z.string(), z.string()).optional().catch(undefined),
  dependencies,
  devDependencies: dependencies,
  optionalDependencies: dependencies,
});

/** The parts of a `package.json` AIOS looks at; unreadable parts are absent. */
export type PackageManifest = z.infer<typeof manifest>;

/** Parses a `package.json`. Null for a text that is not one. */
export function parseManifest(text: string): PackageManifest | null {
  try {
    const parsed = manifest.safeParse(JSON.parse(text.replace(/^\uFEFF/, '')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

type Detector = (read: ReadProjectFile) => Promise<ProjectCommands | null>;

/** What `npm init` writes when nobody wrote a test. */
function isPlaceholder(script: string): boolean {
  return script.includes('no test specified');
}

/** The package manager and how it installs, told by its lock file. */
async function packageManager(read: ReadProjectFile): Promise<{ name: string; install: string }> {
  if ((await read('pnpm-lock.yaml')) !== null) return { name: 'pnpm', install: 'pnpm install --frozen-lockfile' };
  if ((await read('yarn.lock')) !== null) return { name: 'yarn', install: 'yarn install --frozen-lockfile' };
  const locked = (await read('package-lock.json')) !== null || (await read('npm-shrinkwrap.json')) !== null;
  return { name: 'npm', install: locked ? 'npm ci' : 'npm install' };
}

const fromPackage: Detector = async (read) => {
  const text = await read('package.json');
  const parsed = text === null ? null : parseManifest(text);
  if (!parsed) return null;
  const { name, install } = await packageManager(read);
  const groups = [parsed.dependencies, parsed.devDependencies, parsed.optionalDependencies];
  const needs = groups.some((group) => Object.keys(group ?? {}).length > 0);
  const test = parsed.scripts?.['test'];
  const tested = test !== undefined && test.trim() !== '' && !isPlaceholder(test);
  return {
    ...(needs ? { setup: install } : {}),
    ...(tested ? { verify: `${name} test` } : {}),
    source: 'package.json',
  };
};

const fromGo: Detector = async (read) =>
  (await read('go.mod')) === null ? null : { verify: 'go test ./...', source: 'go.mod' };

const fromCargo: Detector = async (read) =>
  (await read('Cargo.toml')) === null ? null : { verify: 'cargo test', source: 'Cargo.toml' };

const fromPython: Detector = async (read) => {
  const markers: ReadonlyArray<readonly [string, RegExp]> = [
    ['pytest.ini', /(?:)/],
    ['pyproject.toml', /^\[tool\.pytest|pytest/m],
    ['setup.cfg', /^\[tool:pytest\]/m],
    ['tox.ini', /^\[pytest\]/m],
    ['conftest.py', /(?:)/],
    ['requirements-dev.txt', /^pytest\b/m],
    ['requirements.txt', /^pytest\b/m],
  ];
  for (const [path, wanted] of markers) {
    const text = await read(path);
    if (text !== null && wanted.test(text)) return { verify: 'python3 -m pytest', source: path };
  }
  return null;
};

const fromMake: Detector = async (read) => {
  for (const path of ['GNUmakefile', 'makefile', 'Makefile']) {
    const text = await read(path);
    if (text !== null && /^test[ \t]*:(?!=)/m.test(text)) return { verify: 'make test', source: path };
  }
  return null;
};

/**
 * Proposes set-up and verify commands from a project's own files: npm, pnpm or yarn, then Go, Cargo, pytest and a `test`
 * target of make. The first that knows a verify command wins. Runs nothing and trusts nothing.
 */
export async function detectCommands(read: ReadProjectFile): Promise<ProjectCommands> {
  let fallback: ProjectCommands | null = null;
  for (const detect of [fromPackage, fromGo, fromCargo, fromPython, fromMake]) {
    const found = await detect(read);
    if (found?.verify) return { ...(fallback?.setup ? { setup: fallback.setup } : {}), ...found };
    fallback ??= found;
  }
  return fallback ?? { source: 'none' };
}
