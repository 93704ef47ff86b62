import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { faultOf } from '#protocol/model/fault.ts';
import { type Answer, json, NOT_FOUND } from './answer.ts';
import { contentSecurityPolicy } from './headers.ts';

const YEAR_S = 31_536_000;

const MISSING = faultOf(
  'page-missing',
  'The page is not built.',
  'There is no built renderer in this installation.',
  'Run `npm start`, which builds it, or use the command line.',
);

/** What a build writes: files beside the page and in `assets`, none hidden. Anything else is not looked for. */
const FILE = /^\/(?:assets\/)?[\w-][\w.-]*\.\w+$/;

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** A path of the app itself, as opposed to a file: its last part has no extension. */
const isPage = (path: string) => !(path.split('/').at(-1) ?? '').includes('.');

/** The page with a nonce of this answer alone, in its policy and where the page finds it. */
function page(file: string): Answer {
  const nonce = randomBytes(16).toString('base64url');
  const html = readFileSync(file, 'utf8').replace('<head>', `<head><meta name="csp-nonce" content="${nonce}" />`);
  const headers = { 'content-security-policy': contentSecurityPolicy(nonce), 'content-type': TYPES['.html'] };
  return { status: 200, body: html, headers };
}

// Read at once: these files are small and were just written or read, and a start has no turn to spare for waiting.
function contentOf(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}

/** The built page. Every path without an extension is the app's; hashed files may be kept for ever. */
export function pagesIn(renderer: string | null): (path: string) => Answer {
  let root: string | null = null;
  return (path) => {
    // It may still be built when this is made.
    root ??= renderer !== null && existsSync(join(renderer, 'index.html')) ? renderer : null;
    if (root === null) return path === '/' ? json(503, { fault: MISSING }) : json(404, { fault: NOT_FOUND });
    if (isPage(path)) return page(join(root, 'index.html'));
    const body = FILE.test(path) ? contentOf(join(root, path)) : null;
    if (body === null) return json(404, { fault: NOT_FOUND });
    const kept = path.startsWith('/assets/') ? { 'cache-control': `public, max-age=${YEAR_S}, immutable` } : {};
    return {
      status: 200,
      body,
      headers: { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream', ...kept },
    };
  };
}
