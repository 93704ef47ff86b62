import type { Framing } from './http-head.ts';

/** Finds a message's body in the bytes of a connection; see {@link createBodyDecoder}. */
export interface BodyDecoder {
  /** True once the whole body was taken. */
  readonly done: boolean;
  /** True where the bytes were no such body; nothing more is taken then. */
  readonly wrong: boolean;
  /** Takes bytes in, hands on what belongs to the body, and returns how many of them it took. */
  take(bytes: Buffer, onBody: (piece: Buffer) => void): number;
}

const CR = 0x0d;
const LF = 0x0a;
const MOST_SIZE_DIGITS = 8;
/** Chunk extensions and trailers are dropped, and together no longer than this. */
const MOST_EXTRA = 8192;

function lengthDecoder(bytes: number): BodyDecoder {
  let left = bytes;
  return {
    wrong: false,
    get done() {
      return left === 0;
    },
    take(chunk, onBody) {
      const size = Math.min(left, chunk.length);
      left -= size;
      if (size > 0) onBody(size === chunk.length ? chunk : chunk.subarray(0, size));
      return size;
    },
  };
}

function restDecoder(): BodyDecoder {
  return {
    wrong: false,
    done: false,
    take(chunk, onBody) {
      onBody(chunk);
      return chunk.length;
    },
  };
}

function hexOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

type Place =
  | 'size'
  | 'extension'
  | 'size end'
  | 'data'
  | 'data CR'
  | 'data end'
  | 'line'
  | 'trailer'
  | 'trailer end'
  | 'last';

function chunkDecoder(): BodyDecoder {
  let place: Place | 'done' | 'wrong' = 'size';
  let size = 0;
  let digits = 0;
  let extra = 0;

  /** A byte of a line that is dropped. */
  const skipped = (code: number, after: Place): Place | 'wrong' => {
    extra += 1;
    if (code === CR) return after;
    return (code < 0x20 && code !== 0x09) || code === 0x7f || extra > MOST_EXTRA ? 'wrong' : (place as Place);
  };
  const inSize = (code: number): Place | 'wrong' => {
    const digit = hexOf(code);
    if (digit >= 0) {
      size = size * 16 + digit;
      digits += 1;
      return digits > MOST_SIZE_DIGITS ? 'wrong' : 'size';
    }
    if (digits === 0) return 'wrong';
    if (code === CR) return 'size end';
    return code === 0x3b || code === 0x20 || code === 0x09 ? 'extension' : 'wrong';
  };
  const next = (code: number): Place | 'done' | 'wrong' => {
    switch (place) {
      case 'size':
        return inSize(code);
      case 'extension':
        return skipped(code, 'size end');
      case 'size end':
        digits = 0;
        if (code !== LF) return 'wrong';
        return size === 0 ? 'line' : 'data';
      case 'data CR':
        return code === CR ? 'data end' : 'wrong';
      case 'data end':
        return code === LF ? 'size' : 'wrong';
      case 'line':
        if (code === CR) return 'last';
        place = 'trailer';
        return skipped(code, 'trailer end');
      case 'trailer':
        return skipped(code, 'trailer end');
      case 'trailer end':
        return code === LF ? 'line' : 'wrong';
      case 'last':
        return code === LF ? 'done' : 'wrong';
      default:
        return 'wrong';
    }
  };
  return {
    get done() {
      return place === 'done';
    },
    get wrong() {
      return place === 'wrong';
    },
    take(chunk, onBody) {
      let at = 0;
      while (at < chunk.length && place !== 'done' && place !== 'wrong') {
        if (place === 'data') {
          const piece = chunk.subarray(at, at + size);
          size -= piece.length;
          at += piece.length;
          if (size === 0) place = 'data CR';
          onBody(piece);
        } else {
          place = next(chunk[at] ?? 0);
          at += 1;
        }
      }
      return at;
    },
  };
}

/** A decoder for one body. Strict: sizes are hexadecimal digits, lines end with CR LF, nothing else is put up with. */
export function createBodyDecoder(framing: Framing): BodyDecoder {
  switch (framing.kind) {
    case 'length':
      return lengthDecoder(framing.bytes);
    case 'chunked':
      return chunkDecoder();
    case 'rest':
      return restDecoder();
  }
}
