import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build, type Plugin } from 'vite';
import { beforeAll, describe, expect, it } from 'vitest';
import { folder } from './kit.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SHELL = join(ROOT, 'out', 'electron');
/** What a module is asked for by: `import x from`, `import`, `import()` and `require()`. */
const ASKED = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\(\s*)(["'`])([^"'`\n]+)\1/g;

const asksFor = (source: string) => [...source.matchAll(ASKED)].map(([, , name = '']) => name);
const isNode = (name: string) => name.startsWith('node:') || builtinModules.includes(name);

function sources(root: string): Map<string, string> {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /\.[cm]?js$/.test(file));
  return new Map(files.map((file) => [relative(root, join(root, file)), readFileSync(join(root, file), 'utf8')]));
}

describe('the shell as it is built', () => {
  let built: Map<string, string>;
  beforeAll(async () => {
    await run(process.execPath, ['node_modules/electron-vite/bin/electron-vite.js', 'build'], { cwd: ROOT });
    built = sources(SHELL);
  }, 60_000);

  it('loads Electron in its own folder only: the orchestrator does without', () => {
    const loading = [...built].filter(([, source]) => asksFor(source).includes('electron')).map(([file]) => file);
    expect(loading).toContain(join('electron', 'index.js'));
    expect(loading.filter((file) => !file.startsWith('electron') && file !== 'preload.cjs')).toEqual([]);
  });

  it('has a preload that loads nothing but Electron, and uses nothing of Node', () => {
    const preload = built.get('preload.cjs') ?? '';
    expect(asksFor(preload)).toEqual(['electron']);
    expect(preload).not.toMatch(/\b(process|Buffer|global|__dirname|module\.exports|setImmediate)\b/);
    // What it exposes are functions: never the renderer's line itself.
    expect(preload).not.toMatch(/exposeInMainWorld\([^)]*ipcRenderer\s*[,)}]/);
  });

  it('names built files where it starts threads and processes', () => {
    const named = [...built].flatMap(([file, source]) =>
      [...source.matchAll(/new URL\("(\.[^"]+)", import\.meta\.url\)/g)].map(([, path = '']) =>
        relative(SHELL, join(SHELL, file, '..', path)),
      ),
    );
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((file) => file !== '.' && file !== '..' && file.includes('.') && !built.has(file))).toEqual([]);
  });
});

it('the page as it is built has nothing of Node or Electron, and no schemas', async () => {
  const outDir = await folder();
  const configFile = join(ROOT, 'renderer', 'vite.config.ts');
  const modules: string[] = [];
  const noted: Plugin = { name: 'test:modules', moduleParsed: ({ id }) => void modules.push(id) };
  await build({
    configFile,
    plugins: [noted],
    build: { outDir, chunkSizeWarningLimit: 5_000 },
    logLevel: 'error',
  });
  expect(modules.filter((id) => id.includes('/node_modules/react/')).length).toBeGreaterThan(0);
  // Schemas are a fifth of the page's first script, and zod asks for `eval`, which the page's policy forbids.
  expect(modules.filter((id) => id.includes('/node_modules/zod/'))).toEqual([]);
  const page = sources(outDir);
  expect(page.size).toBeGreaterThan(5);
  const wrong = [...page].flatMap(([file, source]) =>
    asksFor(source)
      .filter((name) => isNode(name) || name === 'electron' || /^[a-z@][^$]*$/.test(name))
      .map((name) => `${file}: ${name}`),
  );
  expect(wrong).toEqual([]);
  expect([...page.values()].filter((source) => source.includes('__vite-browser-external'))).toEqual([]);
});

it('the command line and the server never ask for Electron', async () => {
  const probe = `
    import { registerHooks } from 'node:module';
    registerHooks({ resolve(name, context, next) {
      if (/^electron(\\/|$)/.test(name)) throw new Error('electron was asked for');
      return next(name, context);
    } });
    await import('#main/compose/index.ts');
    for (const name of ['serve', 'start', 'run', 'open', 'doctor']) await import('#main/cli/commands/' + name + '.ts');
    await import('#main/cli/backend.ts');
    process.stdout.write('none');
    process.exit(0);`;
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', probe];
  const { stdout } = await run(process.execPath, args, { cwd: ROOT });
  expect(stdout).toBe('none');
});
