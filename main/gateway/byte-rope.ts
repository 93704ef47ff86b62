/** Bytes in pieces that are never joined; a megabyte costs more to join than to send in pieces. */
export interface ByteRope {
  readonly length: number;
  readonly pieces: readonly Buffer[];
  /** A copy where the range lies in more than one piece, else the piece's own memory. */
  subarray(start: number, end: number): Buffer;
}

/** Bytes in one piece or several. */
export type Bytes = Buffer | ByteRope;

/** The pieces a range of bytes is made of, without copying. */
export function piecesOf(bytes: Bytes, start = 0, end = bytes.length): readonly Buffer[] {
  if (Buffer.isBuffer(bytes)) return start < end ? [bytes.subarray(start, end)] : [];
  const found: Buffer[] = [];
  let at = 0;
  for (const piece of bytes.pieces) {
    if (at >= end) break;
    const next = at + piece.length;
    if (next > start) {
      const whole = start <= at && next <= end;
      found.push(whole ? piece : piece.subarray(Math.max(0, start - at), Math.min(piece.length, end - at)));
    }
    at = next;
  }
  return found;
}

/** Makes a rope of pieces, which must not change afterwards. */
export function ropeOf(pieces: readonly Buffer[]): ByteRope {
  const rope: ByteRope = {
    length: pieces.reduce((sum, piece) => sum + piece.length, 0),
    pieces,
    subarray(start, end) {
      const found = piecesOf(rope, start, end);
      const [only] = found;
      return found.length === 1 && only ? only : Buffer.concat(found);
    },
  };
  return rope;
}

const BLOCK = 16_384;
const LARGEST_STEP = 65_536;

/** Length of the common beginning of two buffers. Each turn's body differs somewhere, and bytes one by one cost most. */
function commonPrefix(a: Buffer, b: Buffer): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  for (let step = LARGEST_STEP; step > 0 && at < most; step >>= 1) {
    for (let end = at + step; end <= most && a.compare(b, at, end, at, end) === 0; end += step) at = end;
  }
  return at;
}

/** Length of the common end of two ranges of bytes, at most `most`. */
export function commonSuffix(a: Bytes, b: Bytes, most: number): number {
  let size = 0;
  // Most ends differ within a few bytes: the blocks grow from there.
  for (let block = 64; size < most; block = Math.min(block * 4, BLOCK)) {
    const step = Math.min(block, most - size);
    const left = a.subarray(a.length - size - step, a.length - size);
    const right = b.subarray(b.length - size - step, b.length - size);
    if (!left.equals(right)) {
      let same = 0;
      while (left[step - 1 - same] === right[step - 1 - same]) same += 1;
      return size + same;
    }
    size += step;
  }
  return size;
}

/** Takes bytes in as they arrive; see {@link createRopeReader}. */
export interface RopeReader {
  /** What of the chunk is kept is copied: its memory may be used again. */
  push(chunk: Buffer): void;
  /** All bytes so far, and how many of them begin the earlier ones. */
  result(): { readonly bytes: ByteRope; readonly same: number };
}

/** More pieces than this are joined: each costs a little whenever the bytes are read or sent. */
const MOST_PIECES = 64;

/**
 * Gathers bytes that probably begin as earlier ones did. What is the same is compared as it arrives and not kept a second
 * time: a conversation of a megabyte that grows by a page a turn is held once. `expected` is how many bytes there will be,
 * 0 where nobody knows: what is new of them lies in one piece.
 */
export function createRopeReader(earlier?: Bytes, expected = 0): RopeReader {
  const known = earlier ? piecesOf(earlier) : [];
  const fresh: Buffer[] = [];
  /** Room for what is new, of which that much is used. */
  let room: Buffer | undefined;
  let used = 0;
  let same = 0;
  let differs = false;
  let index = 0;
  let inPiece = 0;

  const keep = (chunk: Buffer) => {
    differs = true;
    room ??= Buffer.allocUnsafeSlow(Math.max(expected - same, chunk.length));
    if (fresh.length > 0 || used + chunk.length > room.length) fresh.push(Buffer.from(chunk));
    else used += chunk.copy(room, used);
  };
  return {
    push(chunk) {
      let rest = chunk;
      while (!differs && rest.length > 0) {
        const piece = known[index];
        if (!piece) break;
        const against = piece.subarray(inPiece, inPiece + rest.length);
        const length = commonPrefix(against, rest);
        same += length;
        inPiece += length;
        rest = rest.subarray(length);
        if (length < against.length) differs = true;
        else if (inPiece === piece.length) {
          index += 1;
          inPiece = 0;
        }
      }
      if (rest.length > 0) keep(rest);
    },
    result() {
      const first = room ? [room.subarray(0, used)] : [];
      const pieces = [...(earlier ? piecesOf(earlier, 0, same) : []), ...first, ...fresh];
      const few = pieces.length > MOST_PIECES ? [Buffer.concat(pieces)] : pieces;
      return { bytes: ropeOf(few), same };
    },
  };
}
