import type { Command, SandboxSpec } from './spec.ts';

/**
 * Linux containment: namespaces for processes and mounts, the system read-only, homes and the data folder empty, the
 * run's own folders writable. When bwrap dies, everything in its process namespace dies. The network is shared, because the gateway and the
 * AIOS tools are on loopback.
 */
const NAMESPACES = [
  '--unshare-user-try',
  '--unshare-pid',
  '--unshare-ipc',
  '--unshare-uts',
  '--unshare-cgroup-try',
  '--die-with-parent',
  '--new-session',
  // Root inside would otherwise keep root's capabilities and could undo the mounts.
  '--cap-drop',
  'ALL',
];

function bind(flag: '--bind' | '--ro-bind', paths: readonly string[]): string[] {
  return paths.flatMap((path) => [flag, path, path]);
}

/** Wraps a command; later mounts win, so hiding comes before what is let through again. */
export function inBubblewrap(spec: SandboxSpec, inner: Command, cwd: string): Command {
  const args = [
    ...NAMESPACES,
    ...bind('--ro-bind', ['/']),
    '--dev',
    '/dev',
    '--proc',
    '/proc',
    ...[...spec.hidden, ...spec.temporary].flatMap((path) => ['--tmpfs', path]),
    ...bind('--ro-bind', spec.readable),
    ...bind('--bind', [...spec.login, spec.home, spec.workspace]),
    '--chdir',
    cwd,
    '--',
    inner.command,
    ...inner.args,
  ];
  return { command: 'bwrap', args };
}
