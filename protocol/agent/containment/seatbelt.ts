import type { Command, SandboxSpec } from './spec.ts';

function quoted(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

function rule(verb: 'allow' | 'deny', operation: string, paths: readonly string[]): string[] {
  return paths.length === 0
    ? []
    : [`(${verb} ${operation} ${paths.map((path) => `(subpath ${quoted(path)})`).join(' ')})`];
}

/** The macOS profile: writing only in the run's folders, hidden folders unreadable. The last matching rule wins. */
export function seatbeltProfile(spec: SandboxSpec): string {
  const own = [spec.workspace, spec.home, ...spec.login];
  return [
    '(version 1)',
    '(allow default)',
    '(deny file-write*)',
    ...rule('deny', 'file-read*', spec.hidden),
    // Path lookup must still walk through hidden folders to reach what is let through below them.
    ...rule('allow', 'file-read-metadata', spec.hidden),
    ...rule('allow', 'file-read*', [...spec.readable, ...own]),
    ...rule('allow', 'file-write*', [...own, ...spec.temporary]),
    '(allow file-write* (literal "/dev/null") (literal "/dev/tty") (literal "/dev/dtracehelper"))',
  ].join('\n');
}

/** Wraps a command in `sandbox-exec`. */
export function inSeatbelt(spec: SandboxSpec, inner: Command): Command {
  return {
    command: '/usr/bin/sandbox-exec',
    args: ['-p', seatbeltProfile(spec), '--', inner.command, ...inner.args],
  };
}
