import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AnyRouter } from '@orpc/server';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { checkFrame } from './frame.ts';
import { type ReaderWatch, watchReader } from './slow-reader.ts';

/** Largest frame a client may send, bytes. */
export const FRAME_LIMIT = 4 * 1024 * 1024;
const MOST_BAD_FRAMES = 10;
const MOST_FRAMES = 2_000;
const MOST_CLIENTS = 64;
const WINDOW_MS = 1_000;
const HEARTBEAT_MS = 20_000;

/** The sockets of one server. */
export interface RpcSockets {
  /** Takes over a connection whose Host, Origin and credentials have been checked. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  readonly clients: number;
  close(): void;
}

/** True when `count` of something within one second is passed. */
function flood(most: number, now: () => number): () => boolean {
  let since = 0;
  let seen = 0;
  return () => {
    if (now() - since >= WINDOW_MS) {
      since = now();
      seen = 0;
    }
    seen += 1;
    return seen > most;
  };
}

type Frame = string | Uint8Array<ArrayBuffer>;

/** Sends, and cuts a client that does not read; it reconnects and takes a new snapshot. */
function guardedSend(socket: WebSocket, reader: ReaderWatch, data: Frame): void {
  if (socket.readyState !== socket.OPEN) return;
  if (reader.isHopeless(socket.bufferedAmount)) return socket.terminate();
  reader.sent(Buffer.byteLength(data));
  socket.send(data);
}

const textOf = (data: RawData) =>
  (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)).toString('utf8');

/** The library's view of a socket: only frames that passed the check, and sends that cannot pile up. */
function facade(
  socket: WebSocket,
  reader: ReaderWatch,
  now: () => number,
): Pick<WebSocket, 'addEventListener' | 'send'> {
  const tooMany = flood(MOST_FRAMES, now);
  const tooBad = flood(MOST_BAD_FRAMES, now);
  const onMessage = (listener: (event: { data: string }) => void) => (data: RawData, isBinary: boolean) => {
    if (tooMany()) return socket.close(1008, 'too many requests');
    if (isBinary) return socket.close(1003, 'text only');
    const checked = checkFrame(textOf(data));
    if (checked.ok) return listener({ data: checked.text });
    if (tooBad()) return socket.close(1008, 'too many bad frames');
    guardedSend(socket, reader, checked.answer);
  };
  return {
    send: ((data: Frame) => guardedSend(socket, reader, data)) as WebSocket['send'],
    addEventListener: ((type: string, listener: (event: { data: string }) => void) => {
      if (type === 'message') socket.on('message', onMessage(listener));
      else socket.on(type, listener);
    }) as WebSocket['addEventListener'],
  };
}

type Readers = WeakMap<WebSocket, ReaderWatch>;

/** Ends sockets whose other side has vanished without a word. */
function keepAlive(server: WebSocketServer, answered: WeakSet<WebSocket>, readers: Readers): () => void {
  const timer = setInterval(() => {
    for (const socket of server.clients) {
      // A ping waits behind what is unread: who still reads that is there.
      const reads = readers.get(socket)?.hasRead(socket.bufferedAmount) ?? false;
      if (!answered.delete(socket) && !reads) socket.terminate();
      else socket.ping();
    }
  }, HEARTBEAT_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Serves a router over WebSocket. It may come later: handshakes are answered at once, and what a client asks meanwhile is
 * left unread until then. A socket whose router never comes is closed with the others.
 */
export function createRpcSockets(router: AnyRouter | Promise<AnyRouter>, now: () => number): RpcSockets {
  const handler = (async () => {
    const served = await router;
    const { RPCHandler } = await import('@orpc/server/ws');
    return new RPCHandler(served);
  })();
  handler.catch(() => undefined);
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: true,
    maxPayload: FRAME_LIMIT,
    maxFragments: 1_024,
    perMessageDeflate: false,
    skipUTF8Validation: false,
  });
  const answered = new WeakSet<WebSocket>();
  const readers: Readers = new WeakMap();
  const stop = keepAlive(server, answered, readers);
  const begin = (socket: WebSocket) => {
    answered.add(socket);
    socket.on('pong', () => answered.add(socket));
    // A broken frame ends the socket with its own close code; there is nobody else to tell.
    socket.on('error', () => socket.terminate());
    const reader = watchReader(now);
    readers.set(socket, reader);
    socket.pause();
    const serve = (ready: Awaited<typeof handler>) => {
      void ready.upgrade(facade(socket, reader, now));
      socket.resume();
    };
    handler.then(serve, () => socket.terminate());
  };
  return {
    accept(request, socket, head) {
      server.handleUpgrade(request, socket, head, (opened) => {
        if (server.clients.size > MOST_CLIENTS) opened.close(1013, 'too many clients');
        else begin(opened);
      });
    },
    get clients() {
      return server.clients.size;
    },
    close() {
      stop();
      for (const socket of server.clients) socket.close(1001, 'the orchestrator stops');
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}
