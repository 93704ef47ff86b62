import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globMatches, globsOverlap } from '#protocol/model/glob.ts';

const segment = fc.constantFrom('a', 'b', 'ab', 'a*', '*b', '?', '*', '**', 'a?');
const glob = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const path = fc
  .array(fc.constantFrom('a', 'b', 'ab', 'aab'), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join('/'));

describe('globsOverlap', () => {
  it('never misses two globs that name one path, whichever comes first', () => {
    fc.assert(
      fc.property(glob, glob, path, (one, other, at) => {
        expect(globsOverlap(one, other)).toBe(globsOverlap(other, one));
        if (globMatches(one, at) && globMatches(other, at)) expect(globsOverlap(one, other)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    ['**/*.ts', 'src/a.js', false],
    ['src/a.ts', 'src/b.ts', false],
    ['src/**', 'src/deep/a.ts', true],
    ['src', 'src/a.ts', true],
    ['*.ts', 'src/a.ts', false],
    ['**/*.ts', 'src/*.js', false],
    ['./src/', 'src/x', true],
    ['docs/**', 'src/**', false],
  ])('%s and %s: %s', (one, other, overlap) => {
    expect(globsOverlap(one, other)).toBe(overlap);
  });
});
