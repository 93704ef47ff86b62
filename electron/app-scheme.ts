import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { protocol } from 'electron';
import { contentSecurityPolicy, SECURITY_HEADERS } from '#main/index.ts';

const SCHEME = 'app';
const HOST = 'aios';

/** Where the page lives: an origin of its own, which no file and no server shares. */
export const ORIGIN = `${SCHEME}://${HOST}`;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** Whether an address is one of our page. Node knows no origin of schemes that are not the web's, so its parts are compared. */
export function isOurs(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol: scheme, host, username, password } = new URL(address);
  return scheme === `${SCHEME}:` && host === HOST && username === '' && password === '';
}

/** Declares the scheme; must come before the app is ready. No right to bypass the policy. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Every file of the built page by its path in an address: nothing else can ever be asked for. */
async function filesOf(root: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(files.map((file) => [`/${relative(root, file).split(sep).join('/')}`, file]));
}

function answer(status: number, body: BodyInit | null, headers: Record<string, string> = {}): Response {
  return new Response(body, { status, headers: { ...SECURITY_HEADERS, ...headers } });
}

/** The page with a nonce of this answer alone, in its policy and where the page finds it. */
async function page(file: string): Promise<Response> {
  const nonce = randomBytes(16).toString('base64url');
  const html = (await readFile(file, 'utf8')).replace('<head>', `<head><meta name="csp-nonce" content="${nonce}" />`);
  return answer(200, html, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentSecurityPolicy(nonce),
  });
}

/** Serves the built page in `root` at {@link ORIGIN}. Rejects when there is none. */
export async function serveFiles(root: string): Promise<void> {
  const files = await filesOf(root);
  const index = files.get('/index.html');
  if (index === undefined) throw new Error(`The control center is not built: ${root} has no page.`);
  protocol.handle(SCHEME, async (request) => {
    if (!isOurs(request.url) || request.method !== 'GET') return answer(403, null);
    const { pathname } = new URL(request.url);
    if (pathname === '/' || pathname === '/index.html') return page(index);
    const file = files.get(pathname);
    const type = TYPES[extname(pathname)];
    if (file === undefined || type === undefined) return answer(404, null);
    return answer(200, new Uint8Array(await readFile(file)), { 'content-type': type });
  });
}
