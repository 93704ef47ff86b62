import { createBodyDecoder } from './http-body.ts';
import type { AnswerHead, Fields } from './http-head.ts';
import type { UpstreamConnection } from './upstream-pool.ts';

/** Whoever reads an answer. */
export interface AnswerReader {
  onData(piece: Buffer): void;
  /** The answer is whole. */
  onEnd(): void;
  /** The connection broke before. */
  onBroken(): void;
}

/** An upstream's answer whose head was read. */
export interface UpstreamAnswer {
  readonly status: number;
  readonly fields: Fields;
  /** True once all of it arrived, whether it was read or not. */
  readonly complete: boolean;
  readonly paused: boolean;
  /** Hands on what arrived and what will. One reader at a time. */
  read(reader: AnswerReader): void;
  pause(): void;
  resume(): void;
  /** Ends it; of one that is complete the connection stays. */
  destroy(): void;
}

/** The server closes a connection that was idle for as long as it says: ours is closed this much earlier. */
const KEEP_MARGIN_MS = 1000;

function keepMsOf(fields: Fields): number | null {
  const seconds = /\btimeout=(\d{1,6})\b/.exec(fields.get('keep-alive') ?? '')?.[1];
  return seconds === undefined ? null : Math.max(0, Number(seconds) * 1000 - KEEP_MARGIN_MS);
}

/**
 * The rest of an answer, from the bytes after its head on. Gives its connection back when it is whole, unless something speaks
 * against another request on it.
 */
export function createAnswer(head: AnswerHead, connection: UpstreamConnection, first: Buffer): UpstreamAnswer {
  const { socket } = connection;
  const decoder = createBodyDecoder(head.framing);
  let early: Buffer[] = [];
  let reader: AnswerReader | null = null;
  let state: 'open' | 'complete' | 'broken' = 'open';
  let over = false;

  const tellEnd = () => {
    if (state === 'open' || over || !reader) return;
    over = true;
    if (state === 'complete') reader.onEnd();
    else reader.onBroken();
  };
  const complete = (rest: number) => {
    state = 'complete';
    // One that answered before it had read the request reads the rest of it as the next one.
    if (head.lasting && rest === 0 && socket.writableLength === 0) connection.giveBack(keepMsOf(head.fields));
    else {
      connection.user = null;
      socket.destroy();
    }
  };
  const take = (bytes: Buffer) => {
    // The connection's buffer is read into again: what is kept is copied, without the ends of chunks between.
    const body = Buffer.allocUnsafe(bytes.length);
    let size = 0;
    const taken = decoder.take(bytes, (piece) => {
      size += piece.copy(body, size);
    });
    if (decoder.wrong) {
      state = 'broken';
      connection.user = null;
      socket.destroy();
    } else if (decoder.done) complete(bytes.length - taken);
    if (size > 0) {
      const piece = body.subarray(0, size);
      if (reader) reader.onData(piece);
      else early.push(piece);
    }
    tellEnd();
  };
  connection.user = {
    onBytes: take,
    onGone(error) {
      state = head.framing.kind === 'rest' && error === null ? 'complete' : 'broken';
      tellEnd();
    },
  };
  if (decoder.done || first.length > 0) take(first);
  return {
    status: head.status,
    fields: head.fields,
    get complete() {
      return state === 'complete';
    },
    get paused() {
      return socket.isPaused();
    },
    read(next) {
      reader = next;
      const pieces = early;
      early = [];
      for (const piece of pieces) reader.onData(piece);
      tellEnd();
    },
    pause: () => void (state === 'open' && socket.pause()),
    resume: () => void (state === 'open' && socket.resume()),
    destroy() {
      over = true;
      if (state !== 'open') return;
      state = 'broken';
      connection.user = null;
      socket.destroy();
    },
  };
}

/** Reads a small answer to its end, at most `most` bytes; what is more, or is cut, is dropped. */
export function readSmall(answer: UpstreamAnswer, most: number): Promise<Buffer> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let size = 0;
    const finish = () => {
      answer.destroy();
      resolve(Buffer.concat(pieces));
    };
    answer.read({
      onData(piece) {
        size += piece.length;
        if (size > most) finish();
        else pieces.push(piece);
      },
      onEnd: finish,
      // A fault's text that was cut is still the best there is.
      onBroken: finish,
    });
  });
}
