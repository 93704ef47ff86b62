import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { access, constants, mkdir, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { checkGit, freeBytes } from '#main/features/workspaces/index.ts';
import { broken, type Check, fine, firstLineOf, missing, onPath, warning } from './check.ts';

const GIGABYTE = 1024 ** 3;
const WANTED_BYTES = 2 * GIGABYTE;
const NEEDED_BYTES = GIGABYTE / 4;

/** git, in a version that merges without touching files. */
export const git: Check = {
  name: 'git',
  timeoutMs: 6_000,
  async run() {
    const found = await checkGit();
    return found.ok
      ? fine(`git ${found.value.version}`)
      : broken(`${found.error.what} ${found.error.why}`, found.error.next);
  },
};

/** The Node that runs AIOS. */
export const node: Check = {
  name: 'Node',
  timeoutMs: 100,
  async run() {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    const right = major > 24 || (major === 24 && minor >= 10);
    return right
      ? fine(`Node ${process.versions.node}`)
      : broken(
          `Node ${process.versions.node} is too old.`,
          'Start AIOS with `npm start`, which finds the right one, or install Node 24.',
        );
  },
};

/** Containers, for those who want parts of AIOS in them. */
export const docker: Check = {
  name: 'Docker',
  timeoutMs: 6_000,
  async run(world, signal) {
    const path = await onPath(world, 'docker');
    if (path === null) return missing('No `docker` on PATH.', 'Nothing needs it; install it if you want containers.');
    const version = await firstLineOf(path, ['version', '--format', '{{.Server.Version}}'], signal);
    return version
      ? fine(`Docker ${version}`)
      : warning('`docker` is there, its daemon does not answer.', 'Start Docker if you want containers.');
  },
};

/** A cluster to connect to; only whether a configuration exists. */
export const kubeconfig: Check = {
  name: 'Kubernetes',
  timeoutMs: 500,
  async run(world) {
    const path = world.env['KUBECONFIG'] ?? join(world.userHome, '.kube', 'config');
    return existsSync(path)
      ? fine(path)
      : missing('No kubeconfig.', 'Nothing needs it; set KUBECONFIG if you have a cluster.');
  },
};

function bubblewrapWorks(path: string, signal: AbortSignal): Promise<boolean> {
  const trial = ['--ro-bind', '/', '/', '--unshare-pid', '--proc', '/proc', '--dev', '/dev', '--', 'true'];
  return new Promise((resolve) => execFile(path, trial, { signal }, (error) => resolve(error === null)));
}

/** What contains agents on this machine. */
export const sandbox: Check = {
  name: 'Sandbox',
  timeoutMs: 6_000,
  async run(world, signal) {
    if (world.platform === 'darwin') return fine('Seatbelt, part of macOS.');
    if (world.platform !== 'linux')
      return warning(
        'There is no sandbox on this platform.',
        'Agents are held by policy only; use a machine or container you can spare.',
      );
    const path = await onPath(world, 'bwrap');
    if (path === null)
      return warning(
        'bubblewrap is not installed; agents are held by policy only.',
        'Install it, for example `apt-get install bubblewrap`.',
      );
    return (await bubblewrapWorks(path, signal))
      ? fine(`bubblewrap, ${path}`)
      : warning(
          'bubblewrap is installed but may not make namespaces here.',
          'Allow user namespaces, or run AIOS outside this container.',
        );
  },
};

/** Room for workspaces. */
export const disk: Check = {
  name: 'Disk',
  timeoutMs: 2_000,
  async run(world) {
    const free = await freeBytes(world.home);
    if (!free.ok) return warning(free.error.what, free.error.next);
    const text = `${(free.value / GIGABYTE).toFixed(1)} GB free where AIOS keeps its data.`;
    if (free.value < NEEDED_BYTES)
      return broken(text, 'Free some space, or set AIOS_HOME to a folder on a larger disk.');
    return free.value < WANTED_BYTES ? warning(text, 'Workspaces of large repositories may not fit.') : fine(text);
  },
};

/** The folder everything is kept in. */
export const dataFolder: Check = {
  name: 'Data folder',
  timeoutMs: 2_000,
  async run(world) {
    const usable = await mkdir(world.home, { recursive: true, mode: 0o700 })
      .then(() => access(world.home, constants.W_OK | constants.R_OK))
      .then(
        () => true,
        () => false,
      );
    if (!usable)
      return broken(
        `${world.home} cannot be written.`,
        'Change its owner or mode, or set AIOS_HOME to another folder.',
      );
    const { mode } = await stat(world.home);
    const open = world.platform !== 'win32' && (mode & 0o077) !== 0;
    return open ? warning(`${world.home} can be read by other users.`, `chmod 700 ${world.home}`) : fine(world.home);
  },
};

/** The port to serve on. */
export const port: Check = {
  name: 'Port',
  timeoutMs: 1_000,
  run: (world) =>
    new Promise((resolve) => {
      const server = createServer();
      const taken = broken(`Port ${world.port} on 127.0.0.1 is taken.`, 'Choose another with --port.');
      server.once('error', () => resolve(taken));
      server.listen(world.port, '127.0.0.1', () =>
        server.close(() =>
          resolve(fine(world.port === 0 ? 'A free port on 127.0.0.1 can be had.' : `Port ${world.port} is free.`)),
        ),
      );
    }),
};
