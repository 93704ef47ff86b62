import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BREAKS, HELPERS, PACKAGES, RIGHT } from './break-layers.ts';
import { ROOT } from './repository.ts';

const run = promisify(execFile);
const FOLDERS = ['protocol', 'renderer', 'agent-host', 'main', 'electron', 'bin'];

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** A small repository with the layers of ours and packages that are only names. */
async function repository(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'aios-layers-'));
  for (const path of FOLDERS) await mkdir(join(folder, path), { recursive: true });
  await write(folder, RIGHT);
  for (const name of PACKAGES) {
    const root = `node_modules/${name}`;
    await write(folder, {
      [`${root}/package.json`]: JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
      [`${root}/index.js`]: '',
    });
  }
  await write(folder, files);
  return folder;
}

interface Summary {
  readonly violations: readonly Violation[];
  readonly ruleSetUsed: { readonly forbidden: ReadonlyArray<{ readonly name: string }> };
}

async function cruise(folder: string): Promise<Summary> {
  const program = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const config = join(ROOT, '.dependency-cruiser.mjs');
  const args = [program, '--config', config, '--output-type', 'json', ...FOLDERS];
  const { stdout } = await run(process.execPath, args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 });
  return JSON.parse(stdout).summary;
}

/** Every breaking file; one that breaks two rules has both imports. */
function brokenFiles(): Record<string, string> {
  const files: Record<string, string> = { ...HELPERS };
  for (const { file, source } of BREAKS) files[file] = `${files[file] ?? ''}${source}`;
  return files;
}

describe('who may import whom', () => {
  const folders: string[] = [];
  let found: Summary;
  beforeAll(async () => {
    folders.push(await repository(brokenFiles()));
    found = await cruise(folders[0] ?? '');
  });
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

  it('lets right imports pass', async () => {
    const folder = await repository({});
    folders.push(folder);
    expect((await cruise(folder)).violations).toEqual([]);
  });

  it.each(BREAKS.map(({ rule, file }) => [rule, file]))('%s catches %s', (rule, file) => {
    expect(
      found.violations.filter((violation) => violation.from === file).map((violation) => violation.rule.name),
    ).toContain(rule);
  });

  it('has a break for every rule', () => {
    const broken = new Set(BREAKS.map(({ rule }) => rule));
    expect(found.ruleSetUsed.forbidden.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([]);
  });
});
