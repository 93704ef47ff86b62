// The orchestrator in few files: when it is up to date, and building it. Plain Node, no packages.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';

/** Where it lies, below the repository. */
export const BUNDLE = join('out', 'server');

const SOURCES = ['main', 'agent-host', 'protocol'];
const FILES = ['package-lock.json', 'server.vite.config.ts'];
const SAID = 'built.json';
/** A server that runs may load a part of the build it was started from; nobody runs one for that long. */
const KEPT_MS = 30 * 24 * 60 * 60_000;

/** What the sources are, in short: how many, and when the newest was written. */
export function sourcesOf(root) {
  let [count, newest] = [0, 0];
  const look = (path) => {
    count += 1;
    newest = Math.max(newest, statSync(path).mtimeMs);
  };
  const folders = SOURCES.map((folder) => join(root, folder));
  // Every start waits for this: by hand it takes less than half of what a recursive `readdirSync` does.
  for (const folder of folders) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile() && !entry.name.endsWith('.test.ts')) look(path);
    }
  }
  for (const file of FILES) look(join(root, file));
  return `${count} ${newest}`;
}

/** The built file that is the same as this entry, or null when there is none or the sources have changed since. */
export function bundled(root, entry) {
  const folder = join(root, BUNDLE);
  const file = join(folder, `${entry.replace(/\.ts$/, '').replaceAll('/', '-')}.mjs`);
  try {
    const said = readFileSync(join(folder, SAID), 'utf8');
    return said === sourcesOf(root) && existsSync(file) ? file : null;
  } catch {
    return null;
  }
}

/** Called by the build when it has written everything: says what it was built of, and removes what is old. */
export function writeBundled(root, sources) {
  const folder = join(root, BUNDLE);
  const fresh = join(folder, `${SAID}.${process.pid}.new`);
  writeFileSync(fresh, sources);
  renameSync(fresh, join(folder, SAID));
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (Date.now() - statSync(path).mtimeMs > KEPT_MS) rmSync(path, { force: true });
  }
}

/** Builds it beside everything else, at the lowest priority; when that fails, the sources are run as they are. */
export function buildBundle(node, root) {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const { spawn } = createRequire(import.meta.url)('node:child_process');
  const child = spawn(node, [vite, 'build', '-c', join(root, 'server.vite.config.ts')], { cwd: root, stdio: 'ignore' });
  child.on('error', () => undefined);
  child.on('spawn', () => {
    try {
      setPriority(child.pid, constants.priority.PRIORITY_LOW);
    } catch {
      // It has ended already, or priorities cannot be set here.
    }
  });
  child.unref();
}
