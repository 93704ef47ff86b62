/**
 * Money is counted in whole nano-dollars (1 USD = 1e9), so that every price per token of the price book is an integer
 * and sums are exact. Safe up to nine million dollars.
 */
export const NANOS_PER_USD = 1_000_000_000;

/** Nano-dollars from dollars, rounded to the nearest. */
export function nanosFromUsd(usd: number): number {
  return Math.round(usd * NANOS_PER_USD);
}

/** Dollars for people: four decimals below one cent, two above. */
export function formatUsd(nanos: number): string {
  const usd = nanos / NANOS_PER_USD;
  return Math.abs(usd) > 0 && Math.abs(usd) < 0.01 ? `$${usd.toFixed(4)}` : `$${usd.toFixed(2)}`;
}
