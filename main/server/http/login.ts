import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { faultOf } from '#protocol/model/fault.ts';
import type { Access } from './access.ts';
import type { RouteAccess } from './allowed.ts';
import { type Answer, JSON_HEADERS, json } from './answer.ts';
import { parseGuarded } from './json-guard.ts';

/** Far more than a code needs. */
const LARGEST_BODY = 4_096;
const LONGEST_CODE = 200;

const WRONG_CODE = faultOf(
  'login-refused',
  'The link does not work.',
  'It was used already, is older than five minutes, or was not copied whole.',
  'Run `aios open` for a new one.',
);
const BAD_BODY = faultOf('bad-json', 'The request was not understood.', 'Its body is not a code.', 'Send a code.');

/** What the door answers itself, by path; each is asked with POST. */
export type DoorRoutes = Readonly<
  Record<string, { readonly access: RouteAccess; answer(request: IncomingMessage): Promise<Answer> }>
>;

/** The body as text; null when it is no JSON or too large. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) return null;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The code in `{ "code": ... }` and nothing else; null in anything else. */
function codeIn(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('code' in value)) return null;
  const { code, ...more } = value;
  const fits = typeof code === 'string' && code !== '' && code.length <= LONGEST_CODE;
  return fits && Object.keys(more).length === 0 ? code : null;
}

/** What logging in is told by. */
export interface LoginParts {
  readonly port: () => number;
  readonly link: () => string;
  readonly version: string;
  /** A first snapshot that is there already, as JSON: a page connects once it has drawn that, else at once. */
  readonly first: () => string | null;
}

/** How a browser gets in: a code from the link's fragment, traded for a cookie no script can read. */
export function loginRoutes(access: Access, { port, link, version, first }: LoginParts): DoorRoutes {
  /** What a page that is let in shows first travels with the answer. */
  const letIn = (more: object, headers: OutgoingHttpHeaders = {}): Answer => {
    const start = JSON.stringify({ ok: true, ...more }).slice(0, -1);
    const body = `${start},"first":${first() ?? 'null'}}`;
    return { status: 200, body, headers: { ...JSON_HEADERS, ...headers } };
  };
  return {
    '/api/login': {
      access: 'login',
      async answer(request) {
        const body = await bodyOf(request);
        const parsed = body === null ? null : parseGuarded(body);
        if (!parsed?.ok) return json(400, { fault: parsed?.error ?? BAD_BODY });
        const code = codeIn(parsed.value);
        const session = code === null ? null : access.redeem(code);
        if (session === null) return json(401, { fault: WRONG_CODE });
        const cookie = `${access.cookieName(port())}=${session}; Path=/; HttpOnly; SameSite=Strict`;
        return letIn({}, { 'set-cookie': cookie });
      },
    },
    '/api/session': { access: 'operator', answer: async () => letIn({ version }) },
    '/api/login-link': { access: 'bearer', answer: async () => json(200, { link: link() }) },
  };
}
