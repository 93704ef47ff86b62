import type { TokenUsage } from '#protocol/agent/event.ts';

/** Counts as Anthropic's API reports them. */
export interface ApiUsage {
  readonly input_tokens?: number | null;
  readonly output_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
}

/** Adds up a run's tokens. Figures of one message can arrive several times; the highest stands. */
export interface UsageMeter {
  message(id: string, usage: ApiUsage): TokenUsage;
  /** The turn's own total, which is complete where the messages were not. */
  turn(usage: ApiUsage): TokenUsage;
}

const NONE: TokenUsage = { input: 0, output: 0, cacheWrite: 0, cacheRead: 0 };

/** Anything but a whole, safe, non-negative number counts as nothing: usage is a report, never trusted. */
function count(value: number | null | undefined): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}

function neutral(usage: ApiUsage): TokenUsage {
  return {
    input: count(usage.input_tokens),
    output: count(usage.output_tokens),
    cacheWrite: count(usage.cache_creation_input_tokens),
    cacheRead: count(usage.cache_read_input_tokens),
  };
}

function each(a: TokenUsage, b: TokenUsage, join: (x: number, y: number) => number): TokenUsage {
  return {
    input: join(a.input, b.input),
    output: join(a.output, b.output),
    cacheWrite: join(a.cacheWrite, b.cacheWrite),
    cacheRead: join(a.cacheRead, b.cacheRead),
  };
}

const plus = (a: TokenUsage, b: TokenUsage): TokenUsage => each(a, b, (x, y) => x + y);
const atLeast = (a: TokenUsage, b: TokenUsage): TokenUsage => each(a, b, Math.max);

/** Tokens a session has after a call: all of its prompt, and the answer. */
export function contextOf(usage: ApiUsage): number {
  const { input, output, cacheWrite, cacheRead } = neutral(usage);
  return input + output + cacheWrite + cacheRead;
}

/** A meter at zero. */
export function usageMeter(): UsageMeter {
  const open = new Map<string, TokenUsage>();
  let settled = NONE;
  const running = (): TokenUsage => [...open.values()].reduce(plus, NONE);
  return {
    message(id, usage) {
      open.set(id, atLeast(open.get(id) ?? NONE, neutral(usage)));
      return plus(settled, running());
    },
    turn(usage) {
      settled = plus(settled, atLeast(running(), neutral(usage)));
      open.clear();
      return settled;
    },
  };
}
