import { existsSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Assignment } from '#protocol/agent/assignment.ts';
import { HIDDEN_FOLDERS, type SandboxSpec } from '#protocol/agent/containment/index.ts';

export { type Command, contained, type SandboxSpec } from '#protocol/agent/containment/index.ts';

/** Where the launcher says the data folder is, so that a run does not see other runs, the journal or the hub. */
export const DATA_FOLDER_VARIABLE = 'AIOS_DATA_FOLDER';

/** `/etc/resolv.conf` often points here; names must still resolve although `/run` with its sockets is hidden. */
const RESOLVER = ['/run/systemd/resolve', '/run/resolvconf'];
const LOGIN_FILES = ['.claude', '.claude.json'];

function present(paths: readonly string[]): string[] {
  const real = paths.filter((path) => path !== '' && existsSync(path)).map((path) => realpathSync.native(path));
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
  const folders = process.platform === 'darwin' ? HIDDEN_FOLDERS.darwin : HIDDEN_FOLDERS.linux;
  const userHome = environment.HOME ?? '';
  const login = assignment.login === 'login' ? LOGIN_FILES.map((name) => `${userHome}/${name}`) : [];
  return {
    kind: assignment.sandbox.kind,
    workspace: realpathSync.native(assignment.workspace),
    home: realpathSync.native(assignment.home),
    readable: present([...assignment.sandbox.readable, ...programs.map(folderOf), ...RESOLVER]),
    login: present(login),
    hidden: present([...folders.hidden, userHome, environment[DATA_FOLDER_VARIABLE] ?? '']),
    temporary: present(folders.temporary),
  };
}
