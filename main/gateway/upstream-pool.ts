import net, { type Socket } from 'node:net';
import tls from 'node:tls';
import { readBuffer } from './read-buffer.ts';

/** Where connections lead. */
export interface Endpoint {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
}

/** Whoever a connection works for. */
export interface ConnectionUser {
  /** The bytes are valid during the call only. */
  onBytes(bytes: Buffer): void;
  /** The connection ended, by an error or (null) because the other side closed it. */
  onGone(error: Error | null): void;
}

/** A connection to an upstream, taken by one call at a time. */
export interface UpstreamConnection {
  readonly socket: Socket;
  /** True once it was given back: it may have been closed on the other side. */
  readonly reused: boolean;
  user: ConnectionUser | null;
  /** Keeps it for the next call, at most that long; null for as long as it stays open. */
  giveBack(keepMs: number | null): void;
}

/** Kept-alive connections to upstreams; see {@link createUpstreamPool}. */
export interface UpstreamPool {
  take(endpoint: Endpoint): UpstreamConnection;
  /** Closes all that no call uses. */
  close(): void;
}

const MOST_IDLE = 64;
const PROBE_AFTER_MS = 15_000;

interface Line {
  readonly endpoint: Endpoint;
  readonly idle: UpstreamConnection[];
  /** The last TLS session, which makes the next handshake shorter. */
  session: Buffer | undefined;
}

function openSocket(line: Line, onBytes: (bytes: Buffer) => void): Socket {
  const { host, port, secure } = line.endpoint;
  const callback = (size: number, buffer: Uint8Array) => {
    onBytes(Buffer.from(buffer.buffer, buffer.byteOffset, size));
    return true;
  };
  const onread = { buffer: readBuffer(), callback };
  if (!secure) return net.connect({ host, port, onread });
  const options: tls.ConnectionOptions & { onread: typeof onread } = {
    host,
    port,
    onread,
    ALPNProtocols: ['http/1.1'],
    ...(net.isIP(host) ? {} : { servername: host }),
    ...(line.session ? { session: line.session } : {}),
  };
  const socket = tls.connect(options);
  return socket.on('session', (session: Buffer) => {
    line.session = session;
  });
}

function open(line: Line): UpstreamConnection {
  const { idle } = line;
  let reused = false;
  let failure: Error | null = null;
  const forget = () => {
    const at = idle.indexOf(connection);
    if (at >= 0) idle.splice(at, 1);
  };
  const gone = () => {
    const { user } = connection;
    connection.user = null;
    forget();
    socket.destroy();
    user?.onGone(failure);
  };
  const socket = openSocket(line, (bytes) => {
    // An answer that nobody asked for would be taken for the next one.
    if (connection.user) connection.user.onBytes(bytes);
    else gone();
  });
  const connection: UpstreamConnection = {
    socket,
    user: null,
    get reused() {
      return reused;
    },
    giveBack(keepMs) {
      connection.user = null;
      reused = true;
      if (socket.destroyed || keepMs === 0 || idle.length >= MOST_IDLE) {
        socket.destroy();
        return;
      }
      if (socket.isPaused()) socket.resume();
      socket.setTimeout(keepMs ?? 0);
      idle.push(connection);
    },
  };
  socket.setNoDelay(true);
  socket.setKeepAlive(true, PROBE_AFTER_MS);
  socket.on('timeout', gone);
  socket.on('end', gone);
  socket.on('close', gone);
  socket.on('error', (error) => {
    failure = error;
    gone();
  });
  socket.resume();
  return connection;
}

/** Makes the pool of one gateway. The connection that was used last is used first. */
export function createUpstreamPool(): UpstreamPool {
  const lines = new Map<string, Line>();
  return {
    take(endpoint) {
      const key = `${endpoint.secure ? 'https' : 'http'} ${endpoint.host} ${endpoint.port}`;
      const line = lines.get(key) ?? { endpoint, idle: [], session: undefined };
      lines.set(key, line);
      const kept = line.idle.pop();
      kept?.socket.setTimeout(0);
      return kept ?? open(line);
    },
    close() {
      for (const { idle } of lines.values()) for (const { socket } of idle.splice(0)) socket.destroy();
    },
  };
}
