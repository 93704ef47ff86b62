/** Whether this browser is logged in: `offline` when nobody answers. */
export type Session = 'open' | 'login' | 'offline';

/** Asks the server, as this page; null when nobody answers. */
export async function post(path: string, body?: unknown): Promise<Response | null> {
  const headers = { 'content-type': 'application/json' };
  return fetch(path, { method: 'POST', headers, body: JSON.stringify(body ?? {}), credentials: 'same-origin' }).catch(
    () => null,
  );
}

/** Asks the server whether the cookie is still good; it survives a reload, and a restart of the orchestrator. */
export async function checkSession(): Promise<Session> {
  const answer = await post('/api/session');
  if (answer === null || answer.status >= 500) return 'offline';
  return answer.ok ? 'open' : 'login';
}

/**
 * Trades the code of a link for a session. The code stands in the fragment, which no server or log ever sees, and is
 * taken out of the address before anything else.
 */
export async function logInFromLink(): Promise<'none' | 'done' | 'refused'> {
  const code = location.pathname === '/login' ? location.hash.slice(1) : '';
  if (code === '') return 'none';
  history.replaceState(null, '', '/');
  const answer = await post('/api/login', { code });
  return answer?.ok ? 'done' : 'refused';
}
