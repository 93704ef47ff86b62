import type { Snapshot } from '#protocol/contract/feed.ts';

/** Whether this browser is logged in: `offline` when nobody answers. */
export type Session = 'open' | 'login' | 'offline';

/** A session, and what to show first where the server had that at hand. */
export interface Standing {
  readonly session: Session;
  readonly first: Snapshot | null;
}

/** Asks the server, as this page; null when nobody answers. */
export async function post(path: string, body?: unknown): Promise<Response | null> {
  const headers = { 'content-type': 'application/json' };
  return fetch(path, { method: 'POST', headers, body: JSON.stringify(body ?? {}), credentials: 'same-origin' }).catch(
    () => null,
  );
}

async function letIn(answer: Response): Promise<Standing> {
  const body = (await answer.json().catch(() => null)) as { readonly first?: Snapshot | null } | null;
  return { session: 'open', first: body?.first ?? null };
}

/** Asks the server whether the cookie is still good; it survives a reload, and a restart of the orchestrator. */
export async function checkSession(): Promise<Standing> {
  const answer = await post('/api/session');
  if (answer === null || answer.status >= 500) return { session: 'offline', first: null };
  return answer.ok ? letIn(answer) : { session: 'login', first: null };
}

/**
 * Trades the code of a link for a session; null where there is none. The code stands in the fragment, which no server or
 * log ever sees, and is taken out of the address before anything else.
 */
export async function logInFromLink(): Promise<Standing | 'refused' | null> {
  const code = location.pathname === '/login' ? location.hash.slice(1) : '';
  if (code === '') return null;
  history.replaceState(null, '', '/');
  const answer = await post('/api/login', { code });
  return answer?.ok ? letIn(answer) : 'refused';
}
