import type { Fields } from './http-head.ts';
import type { GatewayLimits } from './types.ts';

/** What an upstream's status means for the call. */
export type Verdict =
  | { readonly kind: 'pass' }
  | { readonly kind: 'login'; readonly cause: string }
  | { readonly kind: 'never'; readonly cause: string }
  | { readonly kind: 'again'; readonly cause: string; readonly afterMs: number | null };

const PASSING_FAULTS = new Set([500, 502, 503, 504, 529]);

/** Milliseconds from a `retry-after` header (seconds or a date); null when absent or nonsense. */
export function retryAfterMs(value: string | undefined, now: number): number | null {
  if (value === undefined) return null;
  const text = value.trim();
  if (/^\d{1,9}(?:\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  // Date.parse takes "-1" for a year; only real dates carry a name of a month.
  if (!/[A-Za-z]{3}/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

function contentFault(fields: Fields): string | null {
  const type = (fields.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type !== 'text/event-stream' && type !== 'application/json') {
    return `not a model server: it answered 200 with ${type === '' ? 'no content type' : type}`;
  }
  const encoding = fields.get('content-encoding') ?? 'identity';
  return encoding === 'identity' ? null : `it answered compressed (${encoding}) though no compression was offered`;
}

/** Judges an answer by its head. */
export function verdictOf(status: number, fields: Fields, now: number): Verdict {
  if (status >= 200 && status < 300) {
    const fault = contentFault(fields);
    return fault === null ? { kind: 'pass' } : { kind: 'never', cause: fault };
  }
  if (status >= 300 && status < 400) return { kind: 'never', cause: `it redirects (${status}), which is refused` };
  if (status === 401 || status === 403) return { kind: 'login', cause: `it refused the login (${status})` };
  if (status === 429 || PASSING_FAULTS.has(status)) {
    const cause = status === 429 ? 'it limits the rate (429)' : `it answered ${status}`;
    return { kind: 'again', cause, afterMs: retryAfterMs(fields.get('retry-after'), now) };
  }
  return { kind: 'pass' };
}

/** Backoff before the n-th retry (1, 2, ...): half a second, doubled, with half of it at random. */
export function backoffMs(retry: number, random: () => number): number {
  const base = 500 * 2 ** (retry - 1);
  return Math.round(base / 2 + random() * base);
}

/** How long to wait before the next try, or null when that would take longer than the limits allow. */
export function waitMs(
  askedMs: number | null,
  retry: number,
  waitedMs: number,
  limits: GatewayLimits,
  random: () => number,
): number | null {
  if (retry >= limits.tries) return null;
  if (askedMs !== null) return askedMs + waitedMs <= limits.retryAfterMs ? askedMs : null;
  const wait = backoffMs(retry, random);
  return wait + waitedMs <= limits.retryMs ? wait : null;
}
