import { desktop } from '../platform/desktop.ts';
import { checkSession, logInFromLink, type Session } from './session.ts';

/** How the page stands with its server: logged in, or not, and whether a link was tried for it in vain. */
export type FirstSession = Session | 'refused';

/** Opens the socket to the server this page came from; never to an address from anywhere else. */
export function newSocket(): WebSocket {
  return new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/rpc`);
}

let socket: WebSocket | null = null;

async function begin(): Promise<FirstSession> {
  const login = await logInFromLink();
  const session = login === 'refused' ? 'refused' : login === 'done' ? 'open' : await checkSession();
  if (session === 'open') socket = newSocket();
  return session;
}

/**
 * The first answers of the server are on their way while the rest of the page is read: this file has a part of its own,
 * which runs before the others. The shell hands its ports to its own window alone: there is no login.
 */
export const firstSession: Promise<FirstSession> = desktop ? Promise.resolve('open') : begin();

/** The socket that was opened at once, for whoever asks first; null afterwards. */
export function takeFirstSocket(): WebSocket | null {
  const first = socket;
  socket = null;
  return first;
}
