import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, repositoryFiles, textOf } from './repository.ts';

const MOST_LINES = 300;

/** Files that are longer, and how long they may be. Numbers only go down; a file that fits again leaves the list. */
const LONGER: Readonly<Record<string, number>> = {};

const UNFINISHED = new RegExp(
  `\\b(${['TO', 'FIX'].map((start) => `${start}${start === 'TO' ? 'DO' : 'ME'}`).join('|')})\\b`,
);
const SLEEPS = /\b(it|test|describe)\.(skip|only|todo)\b/;

const sources = repositoryFiles().filter(
  (path) => /\.(ts|tsx|mts|mjs|css)$/.test(path) && !path.startsWith('resources/apps/'),
);
const linesOf = (path: string) => textOf(path).split('\n').length - 1;

describe('the repository', () => {
  it('has a README in every top-level folder', () => {
    const folders = new Set(
      repositoryFiles()
        .filter((path) => path.includes('/'))
        .map((path) => path.split('/')[0] ?? ''),
    );
    const visible = [...folders].filter((folder) => !folder.startsWith('.'));
    expect(visible.filter((folder) => !existsSync(join(ROOT, folder, 'README.md')))).toEqual([]);
  });

  it.each(['README.md', 'CONTRIBUTING.md', 'LICENSE', '.ci/run', 'docs/GLOSSARY.md'])('has %s', (path) => {
    expect(existsSync(join(ROOT, path))).toBe(true);
  });

  it(`has no source file of more than ${MOST_LINES} lines`, () => {
    const long = sources.filter((path) => linesOf(path) > (LONGER[path] ?? MOST_LINES));
    expect(long.map((path) => `${path}: ${linesOf(path)}`)).toEqual([]);
  });

  it('lists no file as longer that fits', () => {
    expect(Object.keys(LONGER).filter((path) => !existsSync(join(ROOT, path)) || linesOf(path) <= MOST_LINES)).toEqual(
      [],
    );
  });

  it('excuses no file from a lint rule that is not there', () => {
    const overrides: ReadonlyArray<{ files: readonly string[] }> = JSON.parse(textOf('.oxlintrc.json')).overrides;
    const named = overrides.flatMap(({ files }) => files).filter((path) => !path.includes('*'));
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('leaves nothing for later in its sources', () => {
    expect(sources.filter((path) => UNFINISHED.test(textOf(path)))).toEqual([]);
  });

  it('skips no test silently', () => {
    expect(sources.filter((path) => path.endsWith('.test.ts') && SLEEPS.test(textOf(path)))).toEqual([]);
  });

  it('keeps paths of a developer machine out', () => {
    const ours = repositoryFiles().filter(
      (path) => /\.(ts|tsx|mjs|json|md|ya?ml|sh)$/.test(path) || path === '.ci/run',
    );
    expect(ours.filter((path) => textOf(path).includes(ROOT))).toEqual([]);
  });
});
