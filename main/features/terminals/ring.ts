/** What a terminal printed, newest kept: whoever comes back reads on where they were. */
export interface Ring {
  /** Adds a piece and gives it the next number. */
  add(data: string): void;
  /** Everything after a number, as one piece with the number of its last; null when there is nothing. */
  after(sequence: number): { readonly sequence: number; readonly data: string } | null;
}

/** Keeps the last `limit` characters. Pieces are numbered from 1. */
export function createRing(limit: number): Ring {
  let pieces: Array<{ readonly sequence: number; readonly data: string }> = [];
  let size = 0;
  let newest = 0;
  return {
    add(data) {
      newest += 1;
      const kept = data.length > limit ? data.slice(-limit) : data;
      pieces.push({ sequence: newest, data: kept });
      size += kept.length;
      let gone = 0;
      while (size > limit) {
        size -= pieces[gone]?.data.length ?? size;
        gone += 1;
      }
      if (gone > 0) pieces = pieces.slice(gone);
    },
    after(sequence) {
      const missed = pieces.filter((piece) => piece.sequence > sequence);
      return missed.length === 0 ? null : { sequence: newest, data: missed.map((piece) => piece.data).join('') };
    },
  };
}
