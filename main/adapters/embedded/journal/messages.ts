import type { Opened, Receipt, StreamSnapshot } from '#main/ports/journal/port.ts';
import type { Packed, PackedAnswer } from './wire.ts';

/** A request to the writer thread. Appends travel many at a time. */
export type WriterRequest =
  | { readonly kind: 'open' }
  /** `fresh`: of which batches no receipt need be looked for. */
  | { readonly kind: 'append'; readonly packed: Packed; readonly fresh: readonly boolean[] }
  | { readonly kind: 'snapshots' }
  | { readonly kind: 'read'; readonly after: number; readonly limit: number }
  | { readonly kind: 'orders' }
  | { readonly kind: 'receipt'; readonly command: string }
  | { readonly kind: 'payloads'; readonly ids: readonly string[] }
  | { readonly kind: 'forget'; readonly ids: readonly string[] }
  | { readonly kind: 'save-snapshot'; readonly snapshot: StreamSnapshot }
  | { readonly kind: 'verify' }
  | { readonly kind: 'close' };

/** What each request is answered with. Events and orders travel as one text: a single parse is faster than many. */
export interface WriterAnswers {
  readonly open: Opened;
  readonly append: PackedAnswer;
  readonly snapshots: readonly StreamSnapshot[];
  readonly read: string;
  readonly orders: string;
  readonly receipt: Receipt | null;
  readonly payloads: ReadonlyArray<readonly [string, string]>;
  readonly forget: null;
  readonly 'save-snapshot': null;
  readonly verify: number | null;
  readonly close: null;
}

/** A numbered request. */
export interface Numbered {
  readonly number: number;
  readonly request: WriterRequest;
}

/** A numbered answer, or why there is none. */
export type Answer =
  | { readonly number: number; readonly ok: true; readonly value: WriterAnswers[keyof WriterAnswers] }
  | { readonly number: number; readonly ok: false; readonly owned: boolean; readonly message: string };
