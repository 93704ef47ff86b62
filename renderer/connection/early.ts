import type { Snapshot } from '#protocol/contract/feed.ts';
import { desktop } from '../platform/desktop.ts';
import { checkSession, logInFromLink, post, type Session } from './session.ts';

/** How the page stands with its server: logged in, or not, and whether a link was tried for it in vain. */
export type FirstSession = Session | 'refused';

/** Opens the socket to the server this page came from; never to an address from anywhere else. */
export function newSocket(): WebSocket {
  return new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/rpc`);
}

let socket: WebSocket | null = null;
let snapshot: Promise<Snapshot | null> | null = null;

async function askSnapshot(): Promise<Snapshot | null> {
  const answer = await post('/api/first-snapshot');
  return answer?.ok ? ((await answer.json().catch(() => null)) as Snapshot | null) : null;
}

async function begin(): Promise<FirstSession> {
  const login = await logInFromLink();
  if (login === 'refused') return login;
  const { session, first } = login ?? (await checkSession());
  if (first) snapshot = Promise.resolve(first);
  else if (session === 'open') {
    // Where it was there already, connecting tells that it was drawn.
    socket = newSocket();
    snapshot = askSnapshot();
  }
  return session;
}

/**
 * The first answers of the server are on their way while the rest of the page is read: this file has a part of its own,
 * which runs before the others. The shell hands its ports to its own window alone: there is no login.
 */
export const firstSession: Promise<FirstSession> = desktop ? Promise.resolve('open') : begin();

/** Whether a socket was opened at once, and nobody has asked for it. */
export const isFirstSocketOpen = (): boolean => socket !== null;

/** The socket that was opened at once, for whoever asks first; null afterwards. */
export function takeFirstSocket(): WebSocket | null {
  const first = socket;
  socket = null;
  return first;
}

/** The snapshot that was asked for at once, for whoever asks first; null when there was none, or it could not be had. */
export function takeFirstSnapshot(): Promise<Snapshot | null> | null {
  const first = snapshot;
  snapshot = null;
  return first;
}
