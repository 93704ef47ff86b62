import type { CallGrant, CallUsage } from '#main/ports/call-authority/port.ts';
import { type CallPrice, priceFor, promptTokensOf, worstPromptNanos } from '#protocol/model/price-book.ts';
import type { Wanted } from './aheads.ts';
import type { CallBody } from './call-body.ts';
import type { PromptEstimate } from './prompt-memory.ts';
import type { AdmittedRun } from './run-registry.ts';
import type { GatewayState } from './state.ts';
import type { Upstream } from './types.ts';

/** What the price of a call depends on. */
export interface Judged {
  readonly state: GatewayState;
  readonly run: AdmittedRun;
  readonly upstream: Upstream;
  readonly parsed: CallBody;
  readonly estimate: PromptEstimate;
  /** The day of the call, `YYYY-MM-DD`. */
  readonly date: string;
}

const FREE: CallPrice = {
  model: null,
  assumed: false,
  input: 0,
  output: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  cacheRead: 0,
};

/** What a prompt may grow by from one call to the next and still be covered by what was reserved ahead. */
const GROWTH_TOKENS = 16_384;

/** What a call may cost at most, for a prompt of that many tokens. */
export function wantedOf({ state, run, upstream, parsed, estimate, date }: Judged): Wanted {
  const { promptTokens } = estimate;
  const price = upstream.free ? FREE : priceFor(state.deps.book, parsed.model, date, promptTokens);
  return {
    run: run.run,
    model: parsed.model,
    promptTokens,
    promptNanos: worstPromptNanos(price, promptTokens),
    outputNanosPerToken: price.output,
    maxTokens: parsed.maxTokens,
  };
}

/** What the call that follows a completed one probably asks for: the same again, with an answer and more in its prompt. */
export function nextOf(judged: Judged, wanted: Wanted, usage: CallUsage | null): Wanted {
  const before = usage ? promptTokensOf(usage) + usage.output : wanted.promptTokens + wanted.maxTokens;
  return wantedOf({ ...judged, estimate: { ...judged.estimate, promptTokens: before + GROWTH_TOKENS } });
}

/** A call's id and what it may cost; `ahead` where that was reserved before it came. */
export interface Reserved {
  readonly id: string;
  readonly grant: CallGrant;
  readonly ahead: boolean;
}

/** Reserves a call, or takes what was reserved ahead for it. Nothing leaves before this resolves. */
export async function reserve(state: GatewayState, wanted: Wanted, thread: string): Promise<Reserved> {
  const { deps, aheads } = state;
  const ahead = await aheads.take(wanted, thread);
  if (ahead) {
    const reservedNanos = ahead.promptNanos + ahead.maxTokens * ahead.outputNanosPerToken;
    return { id: ahead.call, ahead: true, grant: { kind: 'granted', maxTokens: wanted.maxTokens, reservedNanos } };
  }
  const id = deps.newCallId();
  try {
    return { id, ahead: false, grant: await deps.authority.reserve({ ...wanted, call: id }) };
  } catch (error) {
    deps.onFault(`the budget could not be asked: ${error instanceof Error ? error.message : 'unknown'}`);
    return { id, ahead: false, grant: { kind: 'refused', reason: 'the budget could not be asked' } };
  }
}
