import { fnv32 } from '#protocol/model/fnv.ts';

/** Most areas that are told apart for one piece of work. */
const MOST_AREAS = 12;

/**
 * The areas of the code that paths or globs lie in: their top folders, hashed, since events hold no names of files.
 * Files at the top are an area of their own.
 */
export function areasOf(paths: readonly string[]): string[] {
  const tops = paths.map((path) => {
    const parts = path.replace(/^\.?\//, '').split('/');
    return parts.length > 1 ? (parts[0] ?? '') : '.';
  });
  const named = [...new Set(tops)].filter((top) => !/[*?[{]/.test(top)).sort();
  return named.slice(0, MOST_AREAS).map((top) => fnv32(top).toString(16).padStart(8, '0'));
}
