import { join } from 'node:path';
import type { Assignment } from '#protocol/agent/assignment.ts';

/** Variables that load code into processes, or speak for AIOS, git or the model endpoint: never taken from a profile. */
const REFUSED =
  /^(?:LD_|DYLD_|GIT_|ANTHROPIC_|CLAUDE|AIOS_|NODE_OPTIONS$|NODE_PATH$|BASH_ENV$|BASH_FUNC|ENV$|PROMPT_COMMAND$|PERL5|RUBYOPT$|PYTHON(?:PATH|STARTUP|HOME)$|HOME$|TMPDIR$|IS_SANDBOX$)/i;
const IDENTITY = /^GIT_(?:AUTHOR|COMMITTER)_(?:NAME|EMAIL|DATE)$/;
const MARKERS = ['AIOS_RUN', 'AIOS_DATA'];
/** Without these a Windows process cannot start others or find its folders. */
const SYSTEM = ['SystemRoot', 'ComSpec', 'PATHEXT', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA'];

function picked(environment: NodeJS.ProcessEnv, names: readonly string[]): Record<string, string> {
  const entries = names.map((name) => [name, environment[name]] as const);
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
}

/** What a profile passes through, without what could take over the run. */
export function passedThrough(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => IDENTITY.test(name) || !REFUSED.test(name)));
}

/**
 * The environment of everything a run starts, built from nothing. A run with a key lives in its own HOME; a run with
 * the user's login lives in the user's, because that is where the login is.
 */
export function runEnvironment(assignment: Assignment, host: NodeJS.ProcessEnv): Record<string, string> {
  return {
    PATH: host.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    LANG: host.LANG ?? 'C.UTF-8',
    TERM: 'dumb',
    ...picked(host, SYSTEM),
    ...passedThrough(assignment.environment),
    HOME: assignment.login === 'login' ? (host.HOME ?? assignment.home) : assignment.home,
    TMPDIR: temporaryFolder(assignment),
    GIT_TERMINAL_PROMPT: '0',
    ...picked(host, MARKERS),
  };
}

/** A run's own folder for temporary files. */
export function temporaryFolder(assignment: Assignment): string {
  return join(assignment.home, 'tmp');
}
