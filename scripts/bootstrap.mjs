// Runs on any Node from 18 on, with no packages: it is what finds the right Node and installs them.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as modules from 'node:module';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildBundle, bundled } from './bundle.mjs';
import { findNode, findNpm, missingNodeMessage } from './find-node.mjs';
import { NODE_FLAGS } from './node-flags.mjs';

/** The repository. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Loaded when a program is started: most starts start none, and it costs them 15 ms. */
const childProcess = () => modules.createRequire(import.meta.url)('node:child_process');

const stampPath = (root) => join(root, 'node_modules', '.aios-stamp');

/** What the lock file says, in short. */
export function lockHash(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/** Why packages must be installed; null when they are there and match the lock file. */
export function whyInstall(root) {
  if (!existsSync(join(root, 'node_modules'))) return 'The packages are not installed.';
  if (existsSync(stampPath(root))) {
    return readFileSync(stampPath(root), 'utf8').trim() === lockHash(root)
      ? null
      : 'The packages do not match package-lock.json any more.';
  }
  // Installed by hand with npm: its own record tells whether it was complete, and older than the lock file or not.
  return matchesLock(root) ? null : 'The packages do not match package-lock.json.';
}

/** npm's own record of what it installed has every package of the lock that this platform can use. */
function matchesLock(root) {
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const installed = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')).packages;
    const required = Object.entries(wanted).filter(([path, each]) => path !== '' && !each.optional);
    if (!required.every(([path, each]) => installed[path]?.version === each.version)) return false;
    writeFileSync(stampPath(root), `${lockHash(root)}\n`);
    return true;
  } catch {
    return false;
  }
}

/** Installs the packages of the lock file, running none of their scripts. Returns whether it worked. */
function install(root, why) {
  console.error(`aios: ${why} Installing them now: about 370 MB to download, 1.1 GB on disk.`);
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = findNpm();
  const { spawnSync } = childProcess();
  const run =
    npm === null
      ? spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
      : spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 2, 2] });
  if (run.status === 0) {
    writeFileSync(stampPath(root), `${lockHash(root)}\n`);
    return true;
  }
  console.error(
    `aios: The packages could not be installed. Look at what npm said above; check the network and ${root}, then run \`npm ${args.join(' ')}\` there.`,
  );
  return false;
}

/** Installs what is missing and finds Node 24. Ends the program with 7 when that cannot be done. */
export function prepare(root = ROOT) {
  const why = whyInstall(root);
  if (why !== null && !install(root, why)) process.exit(7);
  const node = findNode(root);
  if (node === null) {
    console.error(missingNodeMessage(process.platform, process.arch, process.versions.node));
    process.exit(7);
  }
  return node;
}

/** The environment with the given Node first on PATH. */
export function withNodeFirst(node, env = process.env) {
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  return { ...env, [name]: `${dirname(node)}${delimiter}${env[name] ?? ''}` };
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs a program in this one's place: same terminal, signals passed on, same exit code. */
export function become(command, args, options = {}) {
  const child = childProcess().spawn(command, args, { stdio: 'inherit', ...options });
  // The terminal may have told the child already; it takes two of the same at once for one.
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(`aios: ${command} could not be started: ${error.message}`);
      resolve(7);
    });
    child.on('close', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

/** Commands that are over sooner start no build. */
const BUILD_AFTER_MS = 10_000;

/**
 * Runs what is built in this process, which is the right Node already: a second one would be there for nothing, with its
 * start and its memory. The flags are for the young generation only, and cannot be set any more.
 */
async function runHere(built, args, cache) {
  process.argv = [process.execPath, built, ...args];
  Object.assign(process.env, withNodeFirst(process.execPath), { NODE_COMPILE_CACHE: cache });
  modules.enableCompileCache(cache);
  await import(pathToFileURL(built).href);
  return process.exitCode ?? 0;
}

/** Runs a TypeScript entry under Node 24 with what is installed; resolves to its exit code. */
export async function runEntry(entry, args, root = ROOT) {
  const node = prepare(root);
  // What was compiled once is kept beside the built page: a quarter of a second at every start.
  const cache = process.env['NODE_COMPILE_CACHE'] ?? join(root, 'out', 'compiled');
  const built = process.env['AIOS_SOURCES'] ? null : bundled(root, entry);
  // Once what was started is at work: the next start is the one that gains.
  if (built === null && !process.env['AIOS_SOURCES']) setTimeout(() => buildBundle(node, root), BUILD_AFTER_MS).unref();
  if (built !== null && node === process.execPath) return runHere(built, args, cache);
  return become(node, [...NODE_FLAGS, built ?? join(root, entry), ...args], {
    env: { ...withNodeFirst(node), NODE_COMPILE_CACHE: cache },
  });
}
