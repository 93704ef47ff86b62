import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { costOf, familyOf, priceBook, priceFor, worstPromptNanos } from './price-book.ts';

const file = new URL('../../resources/prices/anthropic.yaml', import.meta.url);
const book = priceBook.parse(parse(readFileSync(file, 'utf8')));

/** Model, day, tokens (input, output, write 5 min, write 1 h, read), batch, nano-dollars. */
type Golden = [string, string, [number, number, number, number, number], boolean, number];
const GOLDEN: Golden[] = [
  ['claude-sonnet-5-5', '2026-10-06', [1000, 500, 0, 0, 100000], false, 27000000],
  ['claude-sonnet-5-5', '2026-10-07', [1000, 500, 0, 0, 100000], false, 17000000],
  ['claude-opus-5-5', '2026-11-01', [2000, 1500, 30000, 0, 70000], false, 202000000],
  ['claude-opus-5-5', '2026-11-01', [2000, 1500, 0, 30000, 70000], false, 292000000],
  ['claude-fable-5-1', '2026-11-01', [500, 800, 0, 0, 200000], false, 95000000],
  ['claude-haiku-5-5', '2026-11-01', [1000, 1000, 0, 0, 99000], false, 1590000],
  ['claude-haiku-5-5', '2026-11-01', [1001, 1000, 0, 0, 99000], false, 7950500],
  ['claude-haiku-4-5', '2026-11-01', [100000, 2000, 0, 0, 0], false, 110000000],
  ['claude-opus-5', '2026-11-01', [10000, 2000, 0, 0, 0], true, 50000000],
  ['claude-sonnet-4-6', '2026-11-01', [3000, 1000, 12000, 0, 40000], false, 81000000],
];

describe('price book', () => {
  it.each(GOLDEN)('prices %s on %s with %j exactly', (model, date, tokens, batch, nanos) => {
    const [input, output, cacheWrite5m, cacheWrite1h, cacheRead] = tokens;
    const usage = { input, output, cacheWrite5m, cacheWrite1h, cacheRead };
    expect(costOf(book, model, date, usage, batch)).toEqual({ nanos, assumed: false });
  });

  it.each([
    'claude-haiku-4-5-20251001',
    'claude-haiku-4-5[1m]',
    'us.anthropic.claude-haiku-4-5-20251001-v1:0',
    'anthropic/claude-haiku-4-5',
    'Claude-Haiku-4-5',
    'claude-haiku-4-5@20251001',
  ])('knows %s by its family', (model) => {
    expect(familyOf(book, model)).toBe('claude-haiku-4-5');
  });

  it('does not mistake one family for another', () => {
    expect(familyOf(book, 'claude-haiku-4')).toBeNull();
    expect(familyOf(book, 'claude-haiku-4-5-mini')).toBeNull();
    expect(familyOf(book, 'constructor')).toBeNull();
  });

  it('assumes the worst of the book for a model it does not know', () => {
    const price = priceFor(book, 'mystery-1', '2026-11-01', 10);
    expect(price).toMatchObject({ model: null, assumed: true, input: 15_000, output: 75_000 });
  });

  it('assumes the worst of the model for a day it does not know', () => {
    const price = priceFor(book, 'claude-sonnet-5-5', '2020-01-01', 10);
    expect(price).toMatchObject({ model: 'claude-sonnet-5-5', assumed: true, cacheRead: 200 });
  });

  it('changes tier with the whole prompt', () => {
    expect(priceFor(book, 'claude-haiku-5-5', '2026-11-01', 100_000).input).toBe(100);
    expect(priceFor(book, 'claude-haiku-5-5', '2026-11-01', 100_001).input).toBe(500);
  });

  it('reserves the dearest cache write for a prompt', () => {
    expect(worstPromptNanos(priceFor(book, 'claude-opus-5-5', '2026-11-01', 100), 100)).toBe(800_000);
  });

  it('refuses prices that are no whole nano-dollar', () => {
    const wrong = { ...parse(readFileSync(file, 'utf8')), models: { m: [{ input: 0.0001 }] } };
    expect(priceBook.safeParse(wrong).success).toBe(false);
  });
});
