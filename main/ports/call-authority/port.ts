/**
 * What the model gateway asks before and after each model call. The authority owns budgets and messages; the gateway
 * owns bytes. Calls arrive from another thread, so everything here is plain data.
 */
export interface CallRequest {
  readonly run: string;
  /** Id of this call, made by the gateway; a key for idempotent reservation and settlement. */
  readonly call: string;
  readonly model: string;
  /** Upper estimate of prompt tokens. */
  readonly promptTokens: number;
  /** What the prompt may cost at most (nano-dollars), before any output. */
  readonly promptNanos: number;
  /** Price of one output token (nano-dollars). */
  readonly outputNanosPerToken: number;
  /** Output tokens the caller asks for. */
  readonly maxTokens: number;
}

/** The answer to a reservation: how many output tokens are covered, or why none. */
export type CallGrant =
  | { readonly kind: 'granted'; readonly maxTokens: number; readonly reservedNanos: number }
  | { readonly kind: 'refused'; readonly reason: string };

/** Usage as the upstream reported it; null where the stream ended before it did. */
export interface CallUsage {
  readonly input: number;
  readonly output: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly cacheRead: number;
}

/** How a call ended. */
export interface CallOutcome {
  readonly run: string;
  readonly call: string;
  readonly model: string;
  readonly usage: CallUsage | null;
  /** Cost by usage; null charges the reservation. */
  readonly nanos: number | null;
  readonly status: 'completed' | 'cut' | 'failed' | 'cancelled';
  readonly httpStatus: number;
  readonly milliseconds: number;
  /** Ids of AIOS messages whose text this call carried as a tool result for the first time. */
  readonly messagesSeen: readonly string[];
  /** A call that probably follows; see {@link CallAuthority.settle}. */
  readonly next: CallRequest | null;
}

/**
 * See {@link CallRequest}. `reserve` resolves only when the reservation is durable. `settle` resolves when that is, with
 * the outcome's next call where that is now reserved too, durably and in full. Such a reservation is one like any other;
 * it ends by being settled (then `began` came before) or by `release`. After a crash it is charged: nobody knows
 * whether its call left.
 */
export interface CallAuthority {
  reserve(request: CallRequest): Promise<CallGrant>;
  settle(outcome: CallOutcome): Promise<CallRequest | null>;
  /** A call leaves on a reservation that was made ahead. */
  began(run: string, call: string): void;
  /** Gives back reservations made ahead that no call uses. */
  release(calls: readonly string[]): Promise<void>;
}
