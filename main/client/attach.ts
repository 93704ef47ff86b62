import { stat } from 'node:fs/promises';
import { WebSocket } from 'ws';
import { err, ok, type Result } from '#main/platform/result.ts';
import { readServerFile, type ServerFile, serverFileOf } from '#main/server/http/index.ts';
import type { Operations } from '#main/server/operations.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { remoteOperations } from './remote-operations.ts';

const CONNECT_WITHIN_MS = 5_000;

/** A connection to the orchestrator that owns a data folder. */
export interface Attached {
  readonly operations: Operations;
  readonly origin: string;
  readonly pid: number;
  /** Asks the server for a link that logs one browser in. */
  loginLink(): Promise<Result<string, Fault>>;
  close(): void;
}

const notRunning = (why: string) =>
  faultOf('not-running', 'No orchestrator is running.', why, 'Start one: `aios serve`, or `aios run`.');
const cannotAttach = (why: string) =>
  faultOf(
    'cannot-attach',
    'The running orchestrator cannot be reached.',
    why,
    'Wait a moment and try again, or end that process.',
  );

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The token is sent only to an address from a file that nobody else could have written. */
async function isOurs(home: string): Promise<boolean> {
  if (process.getuid === undefined) return true;
  const found = await stat(serverFileOf(home)).catch(() => null);
  return found !== null && found.uid === process.getuid() && (found.mode & 0o077) === 0;
}

async function locate(home: string): Promise<Result<ServerFile, Fault>> {
  const file = await readServerFile(home);
  if (file === null) return err(notRunning(`There is no server.json in ${home}.`));
  if (!isAlive(file.pid)) return err(notRunning('The one that ran here is gone.'));
  if (!(await isOurs(home))) return err(cannotAttach('server.json is not only yours to read and write.'));
  return ok(file);
}

function connect(file: ServerFile): Promise<Result<WebSocket, Fault>> {
  const socket = new WebSocket(`${file.origin.replace('http', 'ws')}/rpc`, {
    headers: { authorization: `Bearer ${file.token}` },
    handshakeTimeout: CONNECT_WITHIN_MS,
    perMessageDeflate: false,
  });
  return new Promise((resolve) => {
    // Also after the connection: an error without a listener would end the process; `close` tells the callers.
    socket.on('error', (error) => resolve(err(cannotAttach(error.message))));
    socket.once('open', () => resolve(ok(socket)));
  });
}

async function askForLink(file: ServerFile): Promise<Result<string, Fault>> {
  const headers = { authorization: `Bearer ${file.token}` };
  const answer = await fetch(`${file.origin}/api/login-link`, { method: 'POST', headers }).catch(() => null);
  const body: unknown = answer?.ok ? await answer.json() : null;
  if (typeof body === 'object' && body !== null && 'link' in body && typeof body.link === 'string')
    return ok(body.link);
  return err(cannotAttach('It gave no link.'));
}

/** Connects to the orchestrator that owns `home`. Fails with `not-running` or `cannot-attach`. */
export async function attach(home: string): Promise<Result<Attached, Fault>> {
  const file = await locate(home);
  if (!file.ok) return file;
  const socket = await connect(file.value);
  if (!socket.ok) return socket;
  return ok({
    operations: remoteOperations(socket.value),
    origin: file.value.origin,
    pid: file.value.pid,
    loginLink: () => askForLink(file.value),
    close: () => socket.value.close(),
  });
}
