import { Socket } from 'node:net';
import { type AgentResponse, createAgentResponse, type HeldResponse, statusLine } from './agent-response.ts';
import { type BodyDecoder, createBodyDecoder } from './http-body.ts';
import { type RequestHead, readRequestHead, writeHead } from './http-head.ts';
import { readBuffer } from './read-buffer.ts';

/** How reading a body ended: `gone` when the agent went away. */
export type BodyEnd = 'whole' | 'too large' | 'gone';

/** One request of an agent. */
export interface AgentRequest extends RequestHead {
  /**
   * Hands the body on as it comes, of at most that many bytes; pieces are valid during the call only. To be called before the
   * handler first waits: a body that nobody wants is dropped.
   */
  readBody(most: number, onBody: (piece: Buffer) => void): Promise<BodyEnd>;
}

/** What connections of agents have in common. */
export interface ConnectionOptions {
  readonly headBytes: number;
  /** Longest time for a head, for a whole request, and between requests. */
  readonly headMs: number;
  readonly requestMs: number;
  readonly idleMs: number;
  readonly onCall: (request: AgentRequest, response: AgentResponse) => void;
  readonly onClose: () => void;
}

/** A connection of an agent. */
export interface AgentConnection {
  /** That much time passed: ends it where it waits for too long. */
  sweep(ms: number): void;
  destroy(): void;
}

interface Current {
  readonly decoder: BodyDecoder;
  readonly response: HeldResponse;
  onBody: ((piece: Buffer) => void) | null;
  onBodyEnd: ((end: BodyEnd) => void) | null;
}

/** What may arrive before the answer to an earlier request has ended; then reading stops. */
const AHEAD_BYTES = 256 * 1024;
const NOTHING = Buffer.alloc(0);

/**
 * Reads a connection into the thread's buffer. Node offers that only for connections it opens: a second socket takes over
 * the handle of the accepted one.
 */
function readWith(accepted: Socket, onBytes: (bytes: Buffer) => void): Socket {
  const handle: unknown = Reflect.get(accepted, '_handle');
  if (!handle) return accepted.on('data', onBytes);
  Reflect.set(accepted, '_handle', null);
  accepted.destroy();
  const callback = (size: number, buffer: Uint8Array) => {
    onBytes(Buffer.from(buffer.buffer, buffer.byteOffset, size));
    return true;
  };
  const options = { onread: { buffer: readBuffer(), callback } };
  Reflect.set(options, 'handle', handle);
  return new Socket(options);
}

/** Serves one connection, request after request. It is strict: what is not HTTP/1.1 to the letter is answered with 400. */
export function serveConnection(accepted: Socket, options: ConnectionOptions): AgentConnection {
  let held: Buffer = NOTHING;
  let current: Current | null = null;
  let lasting = true;
  let over = false;
  let working = false;
  /** For how long something is waited for, as counted by sweeps, and how long at most. */
  let waited = 0;
  let most = options.headMs;

  const wait = (ms: number) => {
    waited = 0;
    most = ms;
  };
  const refuse = (status: number) => {
    lasting = false;
    wait(options.headMs);
    socket.end(
      writeHead(statusLine(status), [
        ['connection', 'close'],
        ['content-length', '0'],
      ]),
      'latin1',
    );
  };
  const settleBody = (end: BodyEnd) => {
    const tell = current?.onBodyEnd;
    if (!current || !tell) return;
    current.onBody = current.onBodyEnd = null;
    tell(end);
  };
  const gone = () => {
    if (over) return;
    over = true;
    settleBody('gone');
    current?.response.lost();
    socket.destroy();
    options.onClose();
  };
  const readBody = (call: Current, declared: number, limit: number, onBody: (piece: Buffer) => void) =>
    new Promise<BodyEnd>((resolve) => {
      let size = 0;
      const tooLarge = () => {
        lasting = false;
        settleBody('too large');
      };
      call.onBodyEnd = resolve;
      call.onBody = (piece) => {
        size += piece.length;
        if (size <= limit) onBody(piece);
        else tooLarge();
      };
      if (over) settleBody('gone');
      else if (declared > limit) tooLarge();
      else if (call.decoder.done) settleBody('whole');
    });
  const finished = () => {
    if (!current?.response.ended) return;
    if (!lasting) {
      // What still comes is read and dropped: an agent that is sending would not see its answer otherwise.
      socket.end();
      wait(options.headMs);
      return;
    }
    if (!current.decoder.done) return;
    current = null;
    wait(options.idleMs);
    if (!working && held.length > 0) work(NOTHING);
  };
  const begin = (head: RequestHead) => {
    const { framing, fields } = head;
    const expected = fields.get('expect');
    if (expected !== undefined && expected.toLowerCase() !== '100-continue') return refuse(417);
    lasting &&= head.lasting;
    wait(options.requestMs);
    const response = createAgentResponse({
      socket,
      bare: head.method === 'HEAD',
      chunks: head.chunks,
      lasting: () => lasting,
      idleMs: options.idleMs,
      onEnd(stays) {
        lasting &&= stays;
        finished();
      },
    });
    const call: Current = { decoder: createBodyDecoder(framing), response, onBody: null, onBodyEnd: null };
    current = call;
    const declared = framing.kind === 'length' ? framing.bytes : 0;
    const request = {
      ...head,
      readBody: (limit: number, onBody: (piece: Buffer) => void) => readBody(call, declared, limit, onBody),
    };
    options.onCall(request, response);
    const wanted = call.onBody !== null && !response.headSent;
    if (expected !== undefined && wanted && !call.decoder.done) socket.write('HTTP/1.1 100 Continue\r\n\r\n');
  };
  /** Takes a head from the beginning of some bytes; returns what follows it. */
  const takeHead = (bytes: Buffer): Buffer => {
    let start = 0;
    // An empty line before a request is allowed for.
    while (bytes[start] === 0x0d && bytes[start + 1] === 0x0a) start += 2;
    const end = bytes.indexOf('\r\n\r\n', start, 'latin1');
    if ((end < 0 ? bytes.length : end) - start > options.headBytes) {
      refuse(431);
      return NOTHING;
    }
    if (end < 0) {
      if (held.length === 0 && bytes.length > start) wait(options.headMs);
      held = Buffer.from(bytes.subarray(start));
      return NOTHING;
    }
    held = NOTHING;
    const head = readRequestHead(bytes.toString('latin1', start, end));
    if (head) begin(head);
    else refuse(400);
    return bytes.subarray(end + 4);
  };
  const takeBody = (call: Current, bytes: Buffer): Buffer => {
    const taken = call.decoder.take(bytes, (piece) => call.onBody?.(piece));
    if (call.decoder.wrong) {
      if (!call.response.headSent) refuse(400);
      gone();
      return NOTHING;
    }
    if (call.decoder.done) {
      settleBody('whole');
      finished();
    }
    return bytes.subarray(taken);
  };
  const work = (bytes: Buffer) => {
    working = true;
    let rest = held.length > 0 ? Buffer.concat([held, bytes]) : bytes;
    held = NOTHING;
    while (rest.length > 0 && !over) {
      if (current && !current.decoder.done) rest = takeBody(current, rest);
      else if (!lasting) rest = NOTHING;
      else if (current) {
        held = Buffer.from(rest);
        rest = NOTHING;
      } else rest = takeHead(rest);
    }
    if (held.length > AHEAD_BYTES) socket.pause();
    else if (socket.isPaused()) socket.resume();
    working = false;
  };

  const socket = readWith(accepted, work);
  socket.on('end', gone);
  socket.on('close', gone);
  socket.on('error', gone);
  socket.on('drain', () => current?.response.drained());
  socket.resume();
  return {
    sweep(ms) {
      waited += ms;
      const answering = current?.decoder.done && !current.response.ended;
      if (answering || waited <= most) return;
      const begun = current !== null || held.length > 0;
      if (begun && !current?.response.headSent) refuse(408);
      gone();
    },
    destroy: gone,
  };
}
