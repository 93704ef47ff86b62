import { describe, expect, it } from 'vitest';
import { diffRows, parseDiff, placeOf } from './diff.ts';

const DIFF = [
  'diff --git a/x.js b/x.js',
  'index 1111111..2222222 100644',
  '--- a/x.js',
  '+++ b/x.js',
  '@@ -1,3 +1,3 @@ function x() {',
  ' one',
  '-two',
  '+TWO',
  '',
  '@@ -10 +10,2 @@',
  '--- not a file name',
  '+++ neither',
  '+last\r',
  '\\ No newline at end of file',
  '',
].join('\n');

describe('a unified diff', () => {
  it('numbers lines on both sides', () => {
    const [first, second] = parseDiff(DIFF);
    expect(first?.header).toBe('@@ -1,3 +1,3 @@ function x() {');
    expect(first?.lines).toEqual([
      { kind: 'context', old: 1, new: 1, text: 'one' },
      { kind: 'removed', old: 2, new: null, text: 'two' },
      { kind: 'added', old: null, new: 2, text: 'TWO' },
      { kind: 'context', old: 3, new: 3, text: '' },
    ]);
    expect(second?.lines).toEqual([
      { kind: 'removed', old: 10, new: null, text: '-- not a file name' },
      { kind: 'added', old: null, new: 10, text: '++ neither' },
      { kind: 'added', old: null, new: 11, text: 'last\r' },
      { kind: 'note', old: null, new: null, text: 'No newline at end of file' },
    ]);
  });

  it('becomes rows, a header before the lines of its hunk', () => {
    const rows = diffRows(parseDiff(DIFF));
    expect(rows.map(({ row, hunk }) => `${row}${hunk}`).join(' ')).toBe(
      'hunk0 line0 line0 line0 line0 hunk1 line1 line1 line1 line1',
    );
  });

  it('says nothing of a binary file, a mode change or text that is no diff', () => {
    expect(parseDiff('')).toEqual([]);
    expect(parseDiff('diff --git a/x b/x\nBinary files a/x and b/x differ\n')).toEqual([]);
    expect(parseDiff('old mode 100644\nnew mode 100755\n')).toEqual([]);
  });

  it('does not take the next file for lines of this one', () => {
    const [hunk] = parseDiff('@@ -1 +1 @@\n-a\n+b\ndiff --git a/y b/y\n--- a/y\n+++ b/y\n');
    expect(hunk?.lines.map(({ text }) => text)).toEqual(['a', 'b']);
  });

  it('names a line for a comment by the side it is on', () => {
    const [hunk] = parseDiff(DIFF);
    expect(hunk?.lines.map(placeOf)).toEqual([
      { side: 'new', line: 1 },
      { side: 'old', line: 2 },
      { side: 'new', line: 2 },
      { side: 'new', line: 3 },
    ]);
  });

  it('reads a long diff quickly', () => {
    const long = `@@ -1,0 +1,200000 @@\n${'+x\n'.repeat(200_000)}`;
    expect(parseDiff(long)[0]?.lines).toHaveLength(200_000);
  });
});
