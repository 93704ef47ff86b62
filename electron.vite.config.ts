import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';

const ROOT = import.meta.dirname;
const OUT = join(ROOT, 'out', 'electron');

/** How a source names a file that is started by its path, in a thread or process of its own. */
const STARTED = /new URL\('([^']+)\.ts', import\.meta\.url\)/g;

function startedBy(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  return [...source.matchAll(STARTED)].map(([, path]) => join(dirname(file), `${path}.ts`));
}

const started = readdirSync(join(ROOT, 'main'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|test-(kit|support)\.ts$/.test(file))
  .flatMap((file) => startedBy(join(ROOT, 'main', file)));

/** Sources name sources; what is built names what is built. The tree stays the same, so the paths hold. */
const pathsOfBuilt: Plugin = {
  name: 'aios:paths-of-built',
  enforce: 'pre',
  transform: (code) => (code.match(STARTED) ? code.replace(STARTED, "new URL('$1.js', import.meta.url)") : null),
};

/**
 * The shell and the orchestrator in it, file by file, and the preload as one. The page is not built here: browser and
 * window get the same, built by renderer/vite.config.ts.
 */
export default defineConfig({
  main: {
    plugins: [pathsOfBuilt],
    build: {
      outDir: OUT,
      emptyOutDir: true,
      rolldownOptions: {
        input: [...new Set([join(ROOT, 'electron', 'index.ts'), ...started])],
        output: { preserveModules: true, preserveModulesRoot: ROOT, entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: OUT,
      // Beside what was just built.
      emptyOutDir: false,
      externalizeDeps: false,
      rolldownOptions: {
        input: join(ROOT, 'electron', 'preload.ts'),
        output: { format: 'cjs', entryFileNames: 'preload.cjs' },
      },
    },
  },
});
