/** Header fields by name in lower case. */
export type Fields = ReadonlyMap<string, string>;

/** How the end of a message's body is known. */
export type Framing =
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  /** It ends with the connection: answers only. */
  | { readonly kind: 'rest' };

interface Head {
  readonly fields: Fields;
  readonly fieldCount: number;
  readonly framing: Framing;
  /** Another message may follow on the connection. */
  readonly lasting: boolean;
}

/** The head of a request. */
export interface RequestHead extends Head {
  readonly method: string;
  readonly target: string;
  /** False for HTTP/1.0, which knows no chunks. */
  readonly chunks: boolean;
}

/** The head of an answer. */
export interface AnswerHead extends Head {
  readonly status: number;
}

const REQUEST_LINE = /^([!#$%&'*+.^_`|~\w-]+) ([!-~]+) HTTP\/1\.([01])$/;
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: [\t -~\x80-\xff]*)?$/;
const NAME = /^[!#$%&'*+.^_`|~\w-]+$/;
/** Control characters, lone CR and LF among them, and what is no single byte. */
const NOT_A_VALUE = /[^\t -~\x80-\xff]/;
const LENGTH = /^\d{1,15}$/;
/** Of these a second one is dropped: readers agree on the first. */
const SINGLE = new Set(['authorization', 'content-type', 'referer', 'retry-after', 'user-agent']);

function trimmed(line: string, from: number): string {
  let start = from;
  let end = line.length;
  while (start < end && (line.charCodeAt(start) === 0x20 || line.charCodeAt(start) === 0x09)) start += 1;
  while (end > start && (line.charCodeAt(end - 1) === 0x20 || line.charCodeAt(end - 1) === 0x09)) end -= 1;
  return line.slice(start, end);
}

/** Fields of the lines from the second on; null where one is none. A folded line has no name and so is none. */
function fieldsOf(lines: readonly string[]): Fields | null {
  const fields = new Map<string, string>();
  for (let index = 1; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).toLowerCase();
    const value = trimmed(line, colon + 1);
    if (!NAME.test(name) || NOT_A_VALUE.test(value)) return null;
    const before = fields.get(name);
    if (before === undefined) fields.set(name, value);
    else if (!SINGLE.has(name)) fields.set(name, `${before}${name === 'cookie' ? ';' : ','} ${value}`);
  }
  return fields;
}

/** How a body is framed, `otherwise` where nothing says; null where two readers could take it for two different bodies. */
function framingOf(fields: Fields, chunks: boolean, otherwise: Framing): Framing | null {
  const length = fields.get('content-length');
  const coding = fields.get('transfer-encoding');
  if (coding !== undefined) {
    return chunks && length === undefined && coding.toLowerCase() === 'chunked' ? { kind: 'chunked' } : null;
  }
  if (length === undefined) return otherwise;
  // Two lengths are joined by a comma, and so are none.
  return LENGTH.test(length) ? { kind: 'length', bytes: Number(length) } : null;
}

function lasts(fields: Fields, version: string | undefined): boolean {
  const tokens = (fields.get('connection') ?? '').toLowerCase();
  return version === '1' ? !/\bclose\b/.test(tokens) : /\bkeep-alive\b/.test(tokens);
}

/** Reads a request's head, without the empty line that ends it. Null where it is not strictly HTTP/1.1 or 1.0. */
export function readRequestHead(text: string): RequestHead | null {
  const lines = text.split('\r\n');
  const first = REQUEST_LINE.exec(lines[0] ?? '');
  const fields = first && fieldsOf(lines);
  if (!first?.[1] || !first[2] || !fields) return null;
  const chunks = first[3] === '1';
  const framing = framingOf(fields, chunks, { kind: 'length', bytes: 0 });
  if (!framing || (chunks && !fields.has('host'))) return null;
  const lasting = lasts(fields, first[3]);
  return { method: first[1], target: first[2], chunks, fields, fieldCount: lines.length - 1, framing, lasting };
}

/** Reads the head of an answer to a request that was not HEAD. */
export function readAnswerHead(text: string): AnswerHead | null {
  const lines = text.split('\r\n');
  const first = STATUS_LINE.exec(lines[0] ?? '');
  const fields = first && fieldsOf(lines);
  if (!first || !fields) return null;
  const status = Number(first[2]);
  const bare = status < 200 || status === 204 || status === 304;
  const framing = bare
    ? ({ kind: 'length', bytes: 0 } as const)
    : framingOf(fields, first[1] === '1', { kind: 'rest' });
  if (!framing) return null;
  const lasting = framing.kind !== 'rest' && lasts(fields, first[1]);
  return { status, fields, fieldCount: lines.length - 1, framing, lasting };
}

/** Writes a head, with the empty line. Throws where a field would be read as something else; what is in it is not told. */
export function writeHead(firstLine: string, fields: Iterable<readonly [name: string, value: string]>): string {
  let text = `${firstLine}\r\n`;
  for (const [name, value] of fields) {
    if (NOT_A_VALUE.test(value)) throw new TypeError(`the header "${name}" holds what cannot be sent`);
    text += `${name}: ${value}\r\n`;
  }
  return `${text}\r\n`;
}
