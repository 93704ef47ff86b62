import { z } from 'zod';

/** Nano-dollars a token from dollars a million tokens; every price of the book must come out whole. */
const usdPerMillion = z
  .number()
  .nonnegative()
  .transform((usd, context) => {
    const nanos = Math.round(usd * 1000);
    if (Math.abs(usd * 1000 - nanos) > 1e-6) {
      context.addIssue({ code: 'custom', message: 'a price must be a whole number of nano-dollars a token' });
      return z.NEVER;
    }
    return nanos;
  });

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

const priceEntry = z.strictObject({
  input: usdPerMillion,
  output: usdPerMillion,
  cacheWrite5m: usdPerMillion,
  cacheWrite1h: usdPerMillion,
  cacheRead: usdPerMillion,
  /** First and last day on which the entry holds, inclusive; absent means open. */
  from: day.optional(),
  to: day.optional(),
  /** Bounds of the whole prompt (input, cache read and cache write together), inclusive. */
  minPromptTokens: z.number().int().nonnegative().optional(),
  maxPromptTokens: z.number().int().nonnegative().optional(),
});

/** The price book as it is kept in `resources/prices`: dollars a million tokens in, nano-dollars a token out. */
export const priceBook = z.strictObject({
  version: z.string().min(1),
  compiled: day,
  caveat: z.string(),
  sources: z.array(z.string()).min(1),
  /** Batch calls cost one n-th: 2 is half price. */
  batchDivisor: z.number().int().positive(),
  models: z
    .record(z.string(), z.array(priceEntry).min(1))
    .refine((models) => Object.keys(models).length > 0, 'a price book names at least one model'),
});

/** See {@link priceBook}; prices are nano-dollars a token. */
export type PriceBook = z.infer<typeof priceBook>;
type PriceEntry = z.infer<typeof priceEntry>;

/** Prices of one call, in nano-dollars a token. */
export interface CallPrice {
  /** The book's own name of the model, null when the book does not know it. */
  readonly model: string | null;
  /** True when the book has no price for that model and day, and a worst case is used instead. */
  readonly assumed: boolean;
  readonly input: number;
  readonly output: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly cacheRead: number;
}

/** Tokens of a call by the price they have. */
export interface PricedUsage {
  readonly input: number;
  readonly output: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly cacheRead: number;
}

/** What a call costs; see {@link CallPrice.assumed}. */
export interface CallCost {
  readonly nanos: number;
  readonly assumed: boolean;
}

/** Looks a price book's name of a model up: exact, else without vendor prefix, context suffix, version and date. */
export function familyOf(book: PriceBook, model: string): string | null {
  const plain = model
    .toLowerCase()
    .replace(/\[[0-9a-z]+\]$/, '')
    .replace(/^(?:[a-z0-9-]+[./])+/, '');
  const dateless = plain.replace(/-v\d+(?::\d+)?$/, '').replace(/(?:[-@]\d{8}|-latest)$/, '');
  for (const name of [model, plain, dateless]) if (Object.hasOwn(book.models, name)) return name;
  return null;
}

/** Tokens that decide the tier: the whole prompt, cached or not. */
export function promptTokensOf(usage: PricedUsage): number {
  return usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h;
}

function holds(entry: PriceEntry, date: string, promptTokens: number): boolean {
  if (entry.from !== undefined && date < entry.from) return false;
  if (entry.to !== undefined && date > entry.to) return false;
  if (entry.minPromptTokens !== undefined && promptTokens < entry.minPromptTokens) return false;
  return entry.maxPromptTokens === undefined || promptTokens <= entry.maxPromptTokens;
}

function dearest(model: string | null, entries: readonly PriceEntry[]): CallPrice {
  const most = (pick: (entry: PriceEntry) => number) => Math.max(...entries.map(pick));
  return {
    model,
    assumed: true,
    input: most((entry) => entry.input),
    output: most((entry) => entry.output),
    cacheWrite5m: most((entry) => entry.cacheWrite5m),
    cacheWrite1h: most((entry) => entry.cacheWrite1h),
    cacheRead: most((entry) => entry.cacheRead),
  };
}

/**
 * Prices of a model on a day (`YYYY-MM-DD`) for a prompt of that length. A model the book does not know costs the most
 * any model costs, a day it does not know the most that model ever cost: a budget is never broken by a gap in the book.
 */
export function priceFor(book: PriceBook, model: string, date: string, promptTokens: number): CallPrice {
  const family = familyOf(book, model);
  if (family === null) return dearest(null, Object.values(book.models).flat());
  const entries = book.models[family] ?? [];
  const entry = entries.find((candidate) => holds(candidate, date, promptTokens));
  if (!entry) return dearest(family, entries);
  const { input, output, cacheWrite5m, cacheWrite1h, cacheRead } = entry;
  return { model: family, assumed: false, input, output, cacheWrite5m, cacheWrite1h, cacheRead };
}

/** What a prompt of that many tokens costs at most: every token written to the dearest cache. */
export function worstPromptNanos(price: CallPrice, promptTokens: number): number {
  return promptTokens * Math.max(price.input, price.cacheWrite5m, price.cacheWrite1h, price.cacheRead);
}

/** Exact cost of a call in nano-dollars; batch prices are rounded up to a whole one. */
export function costOf(book: PriceBook, model: string, date: string, usage: PricedUsage, batch = false): CallCost {
  const price = priceFor(book, model, date, promptTokensOf(usage));
  const full =
    usage.input * price.input +
    usage.output * price.output +
    usage.cacheWrite5m * price.cacheWrite5m +
    usage.cacheWrite1h * price.cacheWrite1h +
    usage.cacheRead * price.cacheRead;
  return { nanos: batch ? Math.ceil(full / book.batchDivisor) : full, assumed: price.assumed };
}
