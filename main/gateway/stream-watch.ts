import type { UsageTally } from './usage-tally.ts';

/** What a watched event stream has said so far. */
export interface StreamFacts {
  /** `message_delta` with a stop reason was seen: usage is final. */
  readonly final: boolean;
  /** `message_stop` was seen: the answer is whole. */
  readonly stopped: boolean;
  /** Type of an `error` event, null when there was none. */
  readonly error: string | null;
  /** Events that carry content, that is everything but pings and comments. */
  readonly contentEvents: number;
  /** Events this reader does not know; they pass and are counted. */
  readonly unknownEvents: number;
  /** A line grew beyond the cap: nothing more is read from this stream. */
  readonly overflow: boolean;
}

/** Reads an Anthropic event stream as its bytes pass; see {@link createStreamWatch}. */
export interface StreamWatch {
  /** Takes bytes in; returns how many of them (from the start) end at an event boundary, 0 when none does. */
  push(chunk: Buffer): number;
  /** Reads what is left when the stream ended without a final newline. */
  end(): void;
  facts(): StreamFacts;
}

const LF = 0x0a;
const CR = 0x0d;
const KNOWN = new Set(['content_block_start', 'content_block_delta', 'content_block_stop']);
/** Content events are most of a stream; a line that begins like one is not parsed. */
const CONTENT = '"content_block_';
const CONTENT_WITHIN = 40;
/** How nearly every event of a long answer looks: its name, then one line of data. Others take the slower way. */
const NAME_LINE = 'event: ';
const BLOCK_LINE = 'data: {"type":"content_block_';
const LONGEST_LINE = 8 * 1024 * 1024;

const DATA = Buffer.from('data:');

function isData(line: Buffer): boolean {
  return line.length >= 5 && line[0] === DATA[0] && line[4] === DATA[4] && line.indexOf(DATA) === 0;
}

function textOr(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : fallback;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function parsed(text: string): Record<string, unknown> {
  try {
    return record(JSON.parse(text));
  } catch {
    return {};
  }
}

/**
 * An incremental reader of server-sent events that never changes a byte. It takes CRLF and LF, any chunking, comments,
 * `data:` without a space, events in several data lines, unknown events and a missing last newline.
 */
export function createStreamWatch(tally: UsageTally, longestLine = LONGEST_LINE): StreamWatch {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let data: Buffer[] = [];
  let dataBytes = 0;
  let final = false;
  let stopped = false;
  let error: string | null = null;
  let contentEvents = 0;
  let unknownEvents = 0;
  let overflow = false;

  const take = (event: Record<string, unknown>) => {
    const type = event['type'];
    // Nothing belongs to an answer that comes after its end.
    if (type === 'ping' || stopped) return;
    contentEvents += 1;
    if (type === 'message_start') tally.add(record(event['message'])['usage']);
    else if (type === 'message_delta') {
      tally.add(event['usage']);
      if (typeof record(event['delta'])['stop_reason'] === 'string') final = true;
    } else if (type === 'message_stop') stopped = true;
    else if (type === 'error') error = textOr(record(event['error'])['type'], 'error');
    else if (!KNOWN.has(String(type))) unknownEvents += 1;
  };
  const dispatch = () => {
    const [only] = data;
    if (!only) return;
    const whole = data.length === 1 ? only : Buffer.from(data.map((line) => line.toString('utf8')).join('\n'));
    data = [];
    dataBytes = 0;
    if (whole.subarray(0, CONTENT_WITHIN).includes(CONTENT)) contentEvents += 1;
    else take(parsed(whole.toString('utf8')));
  };
  const readLine = (line: Buffer): boolean => {
    const text = line.at(-1) === CR ? line.subarray(0, -1) : line;
    if (text.length === 0) {
      dispatch();
      return true;
    }
    if (isData(text)) {
      data.push(text.subarray(text[5] === 0x20 ? 6 : 5));
      dataBytes += text.length;
    }
    return false;
  };
  const giveUp = () => {
    overflow = true;
    pending = [];
    data = [];
  };
  const lineOf = (rest: Buffer): Buffer => {
    if (pending.length === 0) return rest;
    const line = Buffer.concat([...pending, rest]);
    pending = [];
    pendingBytes = 0;
    return line;
  };

  return {
    push(chunk) {
      let from = 0;
      let boundary = 0;
      // One character a byte; the engine searches a string with less work a line than a buffer.
      const text = chunk.toString('latin1');
      for (let lf = text.indexOf('\n'); lf >= 0 && !overflow; lf = text.indexOf('\n', from)) {
        const start = from;
        from = lf + 1;
        const fresh = pending.length === 0;
        if (fresh && text.startsWith(NAME_LINE, start)) continue;
        if (fresh && data.length === 0 && text.charCodeAt(from) === LF && text.startsWith(BLOCK_LINE, start)) {
          contentEvents += 1;
          from += 1;
          boundary = from;
        } else if (readLine(lineOf(chunk.subarray(start, lf)))) boundary = from;
      }
      if (overflow) return chunk.length;
      if (from < chunk.length) {
        pending.push(chunk.subarray(from));
        pendingBytes += chunk.length - from;
      }
      if (pendingBytes + dataBytes > longestLine) giveUp();
      return overflow ? chunk.length : boundary;
    },
    end() {
      if (overflow) return;
      readLine(lineOf(Buffer.alloc(0)));
      dispatch();
    },
    facts: () => ({ final, stopped, error, contentEvents, unknownEvents, overflow }),
  };
}
