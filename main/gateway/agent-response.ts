import type { Socket } from 'node:net';
import { httpDateOf } from './dates.ts';
import { writeHead } from './http-head.ts';

/** The answer to one request of an agent. */
export interface AgentResponse {
  readonly headSent: boolean;
  /** True once the connection is gone; what is written then is dropped. */
  readonly gone: boolean;
  /** Chunked where no `content-length` is among the fields. */
  writeHead(status: number, fields: ReadonlyMap<string, string>): void;
  /** Writes nothing before `flush` or `end`. False where the agent reads more slowly than this is written. The piece must not change afterwards. */
  write(piece: Buffer): boolean;
  /** Sends what was written since the last time, at once. */
  flush(): void;
  end(piece?: Buffer | string): void;
  /** Breaks the connection off. */
  destroy(): void;
  /** Calls back whenever everything written has left, after a `write` that was false. */
  onDrain(listener: () => void): void;
  /** Calls back once when the connection goes before the answer ended. */
  onGone(listener: () => void): void;
}

/** What a response is written to. */
export interface ResponseOptions {
  readonly socket: Socket;
  /** The request was HEAD. */
  readonly bare: boolean;
  /** The agent takes chunks. */
  readonly chunks: boolean;
  /** Whether the connection stays when the answer has ended. */
  readonly lasting: () => boolean;
  readonly idleMs: number;
  /** Hears whether another request may follow. */
  readonly onEnd: (lasting: boolean) => void;
}

/** A response as its connection sees it. */
export interface HeldResponse extends AgentResponse {
  readonly ended: boolean;
  lost(): void;
  drained(): void;
}

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  408: 'Request Timeout',
  413: 'Payload Too Large',
  417: 'Expectation Failed',
  431: 'Request Header Fields Too Large',
};
/** The socket says at 64 KiB already that it is full, which is one piece of a fast answer. */
const FULL_BYTES = 256 * 1024;
/** Joining small pieces costs less than handing them over one by one. */
const SMALL_BYTES = 4096;

/** The first line of an answer. */
export function statusLine(status: number): string {
  return `HTTP/1.1 ${status} ${REASONS[status] ?? 'Status'}`;
}

/** Builds the answer to one request. */
export function createAgentResponse(options: ResponseOptions): HeldResponse {
  const { socket, bare, onEnd } = options;
  let state: 'fresh' | 'open' | 'ended' = 'fresh';
  let gone = false;
  let chunked = false;
  let lasting = false;
  /** What goes before the next piece: the head, the ends of chunks. */
  let text = '';
  let corked = false;
  let whenDrained: (() => void) | undefined;
  let whenGone: (() => void) | undefined;

  const flush = () => {
    if (text !== '' && !gone) socket.write(text, 'latin1');
    text = '';
    if (corked) socket.uncork();
    corked = false;
  };
  const add = (piece: Buffer) => {
    if (piece.length === 0 || bare) return;
    const before = chunked ? `${text}${piece.length.toString(16)}\r\n` : text;
    const after = chunked ? '\r\n' : '';
    if (piece.length <= SMALL_BYTES) {
      text = before + piece.toString('latin1') + after;
      return;
    }
    if (!corked) socket.cork();
    corked = true;
    if (before !== '') socket.write(before, 'latin1');
    socket.write(piece);
    text = after;
  };
  const response: HeldResponse = {
    get headSent() {
      return state !== 'fresh';
    },
    get gone() {
      return gone;
    },
    get ended() {
      return state === 'ended';
    },
    writeHead(status, fields) {
      if (state !== 'fresh') throw new Error('a head was sent already');
      state = 'open';
      const sized = fields.has('content-length');
      chunked = !sized && options.chunks && !bare;
      lasting = options.lasting() && (sized || chunked || bare);
      text = writeHead(statusLine(status), [
        ...fields,
        ['date', httpDateOf(Date.now())],
        ...(chunked ? ([['transfer-encoding', 'chunked']] as const) : []),
        ['connection', lasting ? 'keep-alive' : 'close'],
        ...(lasting ? ([['keep-alive', `timeout=${Math.floor(options.idleMs / 1000)}`]] as const) : []),
      ]);
    },
    write(piece) {
      if (gone || state !== 'open') return true;
      add(piece);
      return socket.writableLength < FULL_BYTES;
    },
    flush,
    end(piece) {
      if (state !== 'open') return;
      state = 'ended';
      if (gone) return;
      if (piece !== undefined) add(typeof piece === 'string' ? Buffer.from(piece) : piece);
      if (chunked) text += '0\r\n\r\n';
      flush();
      onEnd(lasting);
    },
    destroy: () => void socket.destroy(),
    onDrain(listener) {
      whenDrained = listener;
    },
    onGone(listener) {
      whenGone = listener;
    },
    lost() {
      gone = true;
      if (state !== 'ended') whenGone?.();
    },
    drained: () => whenDrained?.(),
  };
  return response;
}
