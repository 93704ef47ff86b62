import http from 'node:http';
import { dirname, join, relative } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { BUNDLE, sourcesOf, writeBundled } from './scripts/bundle.mjs';

const ROOT = import.meta.dirname;
const OUT = join(ROOT, BUNDLE);
const ENTRY = join(ROOT, 'main', 'cli', 'main.ts');

/** Files of the orchestrator that run in a thread or process of their own, and so are started by their path. */
const STARTED = [
  'main/gateway/worker.ts',
  'main/platform/spawner/entry.ts',
  'main/adapters/embedded/journal/worker.ts',
  // Each run has one of its own: in one file it takes a third of the processor to load.
  'agent-host/index.ts',
].map((path) => join(ROOT, path));
const ADDRESS = /new URL\('(\.[^']+\.ts)', import\.meta\.url\)/g;

const nameOf = (file: string) => relative(ROOT, file).replaceAll(/[\\/]/g, '-').replace(/\.ts$/, '');
/** As the sources were when this build read them. */
const sources = sourcesOf(ROOT);

/** Sources find files beside them by their own address; each keeps it, seen from where the bundle lies. */
const ownAddress: Plugin = {
  name: 'aios:own-address',
  enforce: 'pre',
  transform(code, id) {
    if (!id.startsWith(ROOT) || id.includes('node_modules') || !code.includes('import.meta.url')) return null;
    const path = relative(OUT, id).replaceAll('\\', '/');
    return code
      .replaceAll(ADDRESS, (whole, to: string) => {
        const file = join(dirname(id), to);
        return STARTED.includes(file) ? `new URL('./${nameOf(file)}.mjs', import.meta['url'])` : whole;
      })
      .replaceAll('import.meta.url', `new URL('${path}', import.meta.url).href`);
  },
};

const LAZY = new Set(['WebSocket', 'CloseEvent', 'MessageEvent']);

/** As a module of its own `node:http` reads all its names, and some of them load a whole HTTP client that nobody asked for. */
const leanHttp: Plugin = {
  name: 'aios:lean-http',
  enforce: 'pre',
  resolveId: (id) => (id === 'node:http' ? '\0aios:http' : null),
  load(id) {
    if (id !== '\0aios:http') return null;
    const names = Object.keys(http).filter((name) => !LAZY.has(name));
    return `const http = process.getBuiltinModule('node:http');\nexport default http;\nexport const { ${names.join(', ')} } = http;`;
  },
};

/** Says last which sources this was built of: what is not said is not used. */
const said: Plugin = {
  name: 'aios:said',
  writeBundle: () => writeBundled(ROOT, sources),
};

/** The orchestrator in few files, which load in half the time. Built by what starts it, when it is out of date. */
export default defineConfig({
  plugins: [ownAddress, leanHttp, said],
  ssr: { noExternal: true, external: ['better-sqlite3', '@lydell/node-pty', '@anthropic-ai/claude-agent-sdk'] },
  build: {
    ssr: true,
    outDir: OUT,
    // What runs still may load a part of an earlier build.
    emptyOutDir: false,
    target: 'node24',
    minify: false,
    rolldownOptions: {
      platform: 'node',
      input: Object.fromEntries([ENTRY, ...STARTED].map((file) => [nameOf(file), file])),
      output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
    },
  },
});
