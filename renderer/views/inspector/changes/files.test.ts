import { describe, expect, it } from 'vitest';
import type { ChangedFile } from '#protocol/contract/review.ts';
import { filterFiles, firstOfTree, flatRows, stepFrom, treeRows } from './files.ts';

const file = (path: string, from: string | null = null): ChangedFile => ({
  path,
  from,
  status: from === null ? 'modified' : 'renamed',
  additions: 1,
  deletions: 0,
});
const FILES = [file('README.md'), file('src/app/deep/a.ts'), file('src/app/deep/b.ts'), file('src/z.ts', 'old/y.ts')];
const shown = (rows: ReturnType<typeof treeRows>) => rows.map(({ depth, name }) => `${depth} ${name}`);

describe('changed files', () => {
  it('stand in a tree, folders first, chains of folders in one row', () => {
    expect(shown(treeRows(FILES, new Set()))).toEqual([
      '0 src',
      '1 app/deep',
      '2 a.ts',
      '2 b.ts',
      '1 z.ts',
      '0 README.md',
    ]);
  });

  it('are hidden with their folder, which counts them', () => {
    const rows = treeRows(FILES, new Set(['src']));
    expect(shown(rows)).toEqual(['0 src', '0 README.md']);
    expect(rows[0]).toMatchObject({ files: 3 });
  });

  it('are filtered by where they are and where they were', () => {
    expect(filterFiles(FILES, 'OLD/').map(({ path }) => path)).toEqual(['src/z.ts']);
    expect(filterFiles(FILES, ' ')).toBe(FILES);
  });

  it('are gone through in the order they are shown', () => {
    const rows = treeRows(FILES, new Set());
    expect(stepFrom(rows, null, 1)).toBe('src/app/deep/a.ts');
    expect(firstOfTree(FILES)?.path).toBe('src/app/deep/a.ts');
    expect(firstOfTree([])).toBeNull();
    expect(stepFrom(rows, 'src/app/deep/b.ts', 1)).toBe('src/z.ts');
    expect(stepFrom(rows, 'README.md', 1)).toBe('README.md');
    expect(stepFrom(rows, 'gone', -1)).toBe('src/app/deep/a.ts');
    expect(stepFrom([], null, 1)).toBeNull();
  });

  it('are ordered quickly when there are very many', () => {
    const many = Array.from({ length: 100_000 }, (_, index) => file(`d${index % 100}/e${index % 7}/f${index}.ts`));
    const rows = treeRows(many, new Set());
    expect(rows.filter((row) => row.row === 'file')).toHaveLength(100_000);
    expect(flatRows(many)).toHaveLength(100_000);
  });
});
