import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const TESTS = join(import.meta.dirname, '..');
const SCENARIOS = join(TESTS, 'scenarios');
const PROMISES = 9;

const manifest = z.strictObject({
  promises: z.array(
    z.strictObject({
      promise: z.string().regex(/^\d\. .{20,}/),
      /** By file: names of its tests, or `*` for all of them. */
      scenarios: z.record(z.string(), z.union([z.literal('*'), z.array(z.string()).min(1)])).default({}),
      /** What is not built yet, and so has no scenario. */
      later: z.string().min(1).optional(),
    }),
  ),
});

const { promises } = manifest.parse(parse(readFileSync(join(TESTS, 'requirements.yaml'), 'utf8')));
const TITLE = /\b(?:test|it)(?:\.each\([\s\S]*?\]\s*\))?\(\s*(['"`])((?:\\.|(?!\1).)*)\1/g;

/** The names of the tests of each scenario file, as they are written. */
function scenarios(): Map<string, string[]> {
  const files = readdirSync(SCENARIOS).filter((name) => name.endsWith('.test.ts'));
  return new Map(
    files.map((name) => {
      const source = readFileSync(join(SCENARIOS, name), 'utf8');
      return [name.replace('.test.ts', ''), [...source.matchAll(TITLE)].map((found) => found[2] ?? '')];
    }),
  );
}

const named = (file: string, wanted: '*' | readonly string[], all: ReadonlyMap<string, readonly string[]>) =>
  wanted === '*' ? (all.get(file) ?? []) : wanted;

test('every promise is in the manifest, once and in order', () => {
  expect(promises.map(({ promise }) => Number(promise[0]))).toEqual(
    Array.from({ length: PROMISES }, (_, at) => at + 1),
  );
});

test('every promise that exists is held by a scenario that is there', () => {
  const all = scenarios();
  for (const { promise, scenarios: held, later } of promises) {
    if (later === undefined) expect(Object.keys(held), promise).not.toEqual([]);
    for (const [file, wanted] of Object.entries(held)) {
      expect([...all.keys()], promise).toContain(file);
      const titles = all.get(file) ?? [];
      expect(titles.length, file).toBeGreaterThan(0);
      for (const title of named(file, wanted, all)) expect(titles, file).toContain(title);
    }
  }
});

test('every scenario holds a promise', () => {
  const all = scenarios();
  const held = new Set(
    promises.flatMap((each) =>
      Object.entries(each.scenarios).flatMap(([file, wanted]) =>
        named(file, wanted, all).map((title) => `${file}: ${title}`),
      ),
    ),
  );
  const loose = [...all]
    .flatMap(([file, titles]) => titles.map((title) => `${file}: ${title}`))
    .filter((each) => !held.has(each));
  expect(loose).toEqual([]);
});
