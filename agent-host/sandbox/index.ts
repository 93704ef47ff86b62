import { existsSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Assignment } from '#protocol/agent/assignment.ts';
import { inBubblewrap } from './bubblewrap.ts';
import { inSeatbelt } from './seatbelt.ts';
import type { Command, SandboxSpec } from './spec.ts';

export type { Command, SandboxSpec } from './spec.ts';

/** Where the launcher says the data folder is, so that a run does not see other runs, the journal or the hub. */
export const DATA_FOLDER_VARIABLE = 'AIOS_DATA_FOLDER';

const HIDDEN = ['/home', '/root', '/run', '/mnt', '/media'];
const HIDDEN_DARWIN = ['/Volumes'];
const TEMPORARY = ['/tmp', '/var/tmp'];
const TEMPORARY_DARWIN = ['/private/tmp', '/private/var/folders'];
/** `/etc/resolv.conf` often points here; names must still resolve although `/run` with its sockets is hidden. */
const RESOLVER = ['/run/systemd/resolve', '/run/resolvconf'];
const LOGIN_FILES = ['.claude', '.claude.json'];

function present(paths: readonly string[]): string[] {
  const real = paths
    .filter((path) => path !== '' && existsSync(path))
    .map((path) => realpathSync.native(path));
  return [...new Set(real)];
}

/** The folder of a program, which must stay readable inside; `/usr` and the like already are. */
function folderOf(program: string): string {
  return existsSync(program) ? dirname(realpathSync.native(program)) : '';
}

/** What a run may touch, from its assignment and the host's own environment. Only paths that exist are named. */
export function sandboxSpec(
  assignment: Assignment,
  environment: NodeJS.ProcessEnv,
  programs: readonly string[],
): SandboxSpec {
  const darwin = process.platform === 'darwin';
  const userHome = environment.HOME ?? '';
  const login = assignment.login === 'login' ? LOGIN_FILES.map((name) => `${userHome}/${name}`) : [];
  return {
    kind: assignment.sandbox.kind,
    workspace: realpathSync.native(assignment.workspace),
    home: realpathSync.native(assignment.home),
    readable: present([...assignment.sandbox.readable, ...programs.map(folderOf), ...RESOLVER]),
    login: present(login),
    hidden: present([
      ...(darwin ? HIDDEN_DARWIN : HIDDEN),
      userHome,
      environment[DATA_FOLDER_VARIABLE] ?? '',
    ]),
    temporary: present(darwin ? TEMPORARY_DARWIN : TEMPORARY),
  };
}

/** The command that runs `inner` contained, or `inner` itself where the run has no sandbox. */
export function contained(spec: SandboxSpec, inner: Command, cwd: string): Command {
  if (spec.kind === 'bubblewrap') return inBubblewrap(spec, inner, cwd);
  return spec.kind === 'seatbelt' ? inSeatbelt(spec, inner) : inner;
}
