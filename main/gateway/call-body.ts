import { err, ok, type Result } from '#main/platform/result.ts';
import { type Bytes, piecesOf } from './byte-rope.ts';
import { type EarlierFields, type FieldScan, fieldsOf, type Span } from './json-fields.ts';

/** What the gateway must know of a request to the Messages API; `bytes` is what would be sent. */
export interface CallBody {
  readonly bytes: Bytes;
  readonly model: string;
  readonly maxTokens: number;
  readonly stream: boolean;
  /** Tokens set aside for thinking, null where the request names none. */
  readonly thinkingBudget: number | null;
  /** An option that changes the price in a way the price book does not know, or null. */
  readonly surcharge: string | null;
  readonly scan: FieldScan;
}

/** Smallest thinking budget the Messages API accepts. */
const LEAST_THINKING = 1024;

function normalised(bytes: Bytes): Buffer | null {
  try {
    return Buffer.from(JSON.stringify(JSON.parse(bytes.subarray(0, bytes.length).toString('utf8'))));
  } catch {
    return null;
  }
}

function fieldValue(bytes: Bytes, span: Span | undefined): unknown {
  if (!span) return undefined;
  try {
    return JSON.parse(bytes.subarray(span.start, span.end).toString('utf8'));
  } catch {
    return undefined;
  }
}

function record(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

function thinkingBudgetOf(thinking: unknown): number | null {
  const budget = record(thinking)?.['budget_tokens'];
  return typeof budget === 'number' ? budget : null;
}

function surchargeOf(bytes: Bytes, fields: ReadonlyMap<string, Span>): string | null {
  const speed = fieldValue(bytes, fields.get('speed'));
  if (speed !== undefined && speed !== null && speed !== 'standard') return `speed ${JSON.stringify(speed)}`;
  const geo = fieldValue(bytes, fields.get('inference_geo'));
  return geo === undefined || geo === null || geo === 'global' ? null : `inference_geo ${JSON.stringify(geo)}`;
}

function positiveInteger(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null;
}

/** Reads what counts from a request body. Anything two readers could read differently is normalised first. */
export function readCallBody(received: Bytes, earlier?: EarlierFields): Result<CallBody, string> {
  let bytes: Bytes = received;
  let scan = fieldsOf(bytes, earlier);
  if (!scan) {
    bytes = normalised(received) ?? Buffer.alloc(0);
    scan = fieldsOf(bytes);
  }
  if (!scan) return err('the request body is not a JSON object');
  const { fields } = scan;
  const model = fieldValue(bytes, fields.get('model'));
  if (typeof model !== 'string' || model.length === 0 || model.length > 200) {
    return err('the request names no model');
  }
  const maxTokens = positiveInteger(fieldValue(bytes, fields.get('max_tokens')));
  if (maxTokens === null) return err('max_tokens must be a positive whole number');
  return ok({
    bytes,
    model,
    maxTokens,
    stream: fieldValue(bytes, fields.get('stream')) === true,
    thinkingBudget: thinkingBudgetOf(fieldValue(bytes, fields.get('thinking'))),
    surcharge: surchargeOf(bytes, fields),
    scan,
  });
}

interface Edit {
  readonly span: Span;
  readonly text: string;
}

function thinkingEdit(body: CallBody, maxTokens: number): Edit | 'impossible' | null {
  const span = body.scan.fields.get('thinking');
  if (!span || body.thinkingBudget === null || body.thinkingBudget < maxTokens) return null;
  const budget = Math.floor(maxTokens * 0.8);
  if (budget < LEAST_THINKING) return 'impossible';
  const thinking = { ...record(fieldValue(body.bytes, span)), budget_tokens: budget };
  return { span, text: JSON.stringify(thinking) };
}

function applied(bytes: Bytes, edits: readonly Edit[]): Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const { span, text } of [...edits].sort((a, b) => a.span.start - b.span.start)) {
    pieces.push(...piecesOf(bytes, at, span.start), Buffer.from(text));
    at = span.end;
  }
  pieces.push(...piecesOf(bytes, at));
  return pieces;
}

/**
 * The bytes to send when only `maxTokens` of output are covered: the number is exchanged in place and the rest is
 * untouched, as pieces, because joining a megabyte costs more than writing it twice. Null when the thinking budget cannot fit below it.
 */
export function clampedBody(body: CallBody, maxTokens: number): readonly Buffer[] | null {
  const span = body.scan.fields.get('max_tokens');
  if (!span || maxTokens >= body.maxTokens) return piecesOf(body.bytes);
  const thinking = thinkingEdit(body, maxTokens);
  if (thinking === 'impossible') return null;
  const edits = [{ span, text: String(maxTokens) }];
  return applied(body.bytes, thinking ? [...edits, thinking] : edits);
}
