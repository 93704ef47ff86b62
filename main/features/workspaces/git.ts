import { devNull } from 'node:os';
import { delimiter, isAbsolute } from 'node:path';
import { err, ok, type Result } from '#main/platform/result.ts';
import {
  type ProcessEnd,
  type ProcessStart,
  type RunningProcess,
  runElsewhere,
  startProcess,
} from '#main/platform/spawner/index.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';

/** A name and an e-mail address as commits carry them. */
export interface Person {
  readonly name: string;
  readonly email: string;
}

/** Where and how one git process runs. Every path is absolute. */
export interface GitCall {
  /** The repository, always named explicitly: what a folder claims about itself is never discovered. */
  readonly gitDir?: string;
  /** The files the call works on; also its working directory. */
  readonly workTree?: string;
  /** Working directory where there is no work tree. */
  readonly cwd?: string;
  /** An index other than the repository's own. */
  readonly indexFile?: string;
  /** Object folders to read besides the repository's own. */
  readonly borrow?: readonly string[];
  /** Extra configuration, stronger than the repository's. */
  readonly config?: ReadonlyArray<readonly [string, string]>;
  /** Author and committer of what the call creates. */
  readonly person?: Person;
  /** Reads the user's own system and global configuration too. Only for `git config`, which executes nothing. */
  readonly userScope?: boolean;
  readonly input?: string | Uint8Array;
  /** Milliseconds until the process is killed; 120,000 when absent. */
  readonly timeoutMs?: number;
}

/** How a git process ended. `stdout` is bytes because paths need not be UTF-8. */
export interface GitOutput {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

const DEFAULT_TIMEOUT_MS = 120_000;

/** Nothing here is left to a repository: whatever can start a program, ask a question or reach a network is off. */
const NEUTRAL: ReadonlyArray<readonly [string, string]> = [
  ['core.hooksPath', devNull],
  ['core.fsmonitor', 'false'],
  ['core.untrackedCache', 'false'],
  ['core.sshCommand', 'false'],
  ['core.askPass', 'true'],
  ['core.editor', 'true'],
  ['sequence.editor', 'true'],
  ['core.pager', 'cat'],
  ['core.attributesFile', devNull],
  ['core.alternateRefsCommand', 'true'],
  ['core.gitProxy', ''],
  ['core.protectHFS', 'true'],
  ['core.protectNTFS', 'true'],
  ['core.quotePath', 'false'],
  ['core.fsync', 'committed'],
  ['core.fsyncMethod', 'batch'],
  ['credential.helper', ''],
  ['commit.gpgSign', 'false'],
  ['tag.gpgSign', 'false'],
  ['gpg.program', 'false'],
  ['diff.external', ''],
  ['diff.ignoreSubmodules', 'all'],
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['transfer.fsckObjects', 'true'],
  ['protocol.allow', 'never'],
  ['protocol.ext.allow', 'never'],
  ['protocol.file.allow', 'never'],
  ['safe.bareRepository', 'explicit'],
  ['safe.directory', '*'],
  ['advice.detachedHead', 'false'],
];

function searchPath(): string {
  const entries = (process.env['PATH'] ?? '').split(delimiter);
  // A relative entry would look for git in the folder the call runs in.
  return entries.filter((entry) => isAbsolute(entry)).join(delimiter);
}

function quoteObjectFolder(path: string): string {
  const escaped = path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  return `"${escaped}"`;
}

function personVariables(person: Person): Record<string, string> {
  return {
    GIT_AUTHOR_NAME: person.name,
    GIT_AUTHOR_EMAIL: person.email,
    GIT_COMMITTER_NAME: person.name,
    GIT_COMMITTER_EMAIL: person.email,
  };
}

function configVariables(pairs: ReadonlyArray<readonly [string, string]>, first = 0): Record<string, string> {
  const variables: Record<string, string> = { GIT_CONFIG_COUNT: String(first + pairs.length) };
  pairs.forEach(([key, value], index) => {
    variables[`GIT_CONFIG_KEY_${first + index}`] = key;
    variables[`GIT_CONFIG_VALUE_${first + index}`] = value;
  });
  return variables;
}

function scopeVariables(userScope: boolean): Record<string, string> {
  if (!userScope) return { HOME: devNull, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: devNull };
  const own: Record<string, string> = {};
  for (const name of ['HOME', 'XDG_CONFIG_HOME', 'USERPROFILE', 'APPDATA']) {
    const value = process.env[name];
    if (value !== undefined) own[name] = value;
  }
  return own;
}

const NEUTRAL_VARIABLES = configVariables(NEUTRAL);

/** The whole environment of a git process, built from nothing. */
function environmentOf(call: GitCall): Record<string, string> {
  const variables: Record<string, string> = {
    PATH: searchPath(),
    LANG: 'C',
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_PAGER: 'cat',
    GIT_EDITOR: 'true',
    GIT_ASKPASS: 'true',
    GIT_SSH_COMMAND: 'false',
    ...scopeVariables(call.userScope ?? false),
    ...NEUTRAL_VARIABLES,
    ...configVariables(call.config ?? [], NEUTRAL.length),
  };
  if (process.platform === 'win32') variables['SystemRoot'] = process.env['SystemRoot'] ?? 'C:\\Windows';
  if (call.gitDir) variables['GIT_DIR'] = call.gitDir;
  if (call.workTree) variables['GIT_WORK_TREE'] = call.workTree;
  if (call.indexFile) variables['GIT_INDEX_FILE'] = call.indexFile;
  if (call.borrow && call.borrow.length > 0)
    variables['GIT_ALTERNATE_OBJECT_DIRECTORIES'] = call.borrow.map(quoteObjectFolder).join(delimiter);
  if (call.person) Object.assign(variables, personVariables(call.person));
  return variables;
}

function orderOf(args: readonly string[], call: GitCall): ProcessStart {
  const cwd = call.workTree ?? call.gitDir ?? call.cwd ?? '/';
  const timeoutMs = call.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  return { command: 'git', args: ['--no-pager', ...args], cwd, env: environmentOf(call), timeoutMs };
}

/**
 * Starts a neutralised git. What git is started with is made here alone: arguments are an array, no shell, no inherited
 * environment, no hooks, filters, editors, pagers, signing, prompts or transports.
 */
export function startGit(args: readonly string[], call: GitCall): RunningProcess {
  return startProcess(orderOf(args, call));
}

/** The fault for a git that could not start or did not end. */
function faultOfProblem(problem: NonNullable<ProcessEnd['problem']>, args: readonly string[]): Fault {
  const command = args[0] ?? 'git';
  if (problem === 'missing')
    return faultOf(
      'git-missing',
      'git was not found.',
      'AIOS works on git repositories and starts the git on PATH.',
      'Install git 2.38 or newer and start AIOS again.',
    );
  if (problem === 'timeout')
    return faultOf(
      'git-timeout',
      `git ${command} did not end.`,
      'It was stopped after its time limit.',
      'Check the disk, then try again.',
    );
  return faultOf(
    'git-failed',
    `git ${command} could not be started.`,
    'The operating system refused.',
    'Check that the folder exists and try again.',
  );
}

/** The fault for a git that ended with an error; its own words are the reason. */
export function gitFailed(args: readonly string[], output: { code: number; stderr: string }): Fault {
  const reason = output.stderr.trim().slice(0, 2000) || `it ended with code ${output.code}`;
  return faultOf(
    'git-failed',
    `git ${args[0] ?? ''} failed.`,
    reason,
    'Look at the reason; nothing was changed by the failed step.',
  );
}

/** Runs git to its end. Any exit code is a success here; the fault is a git that could not start or did not end. */
export async function git(args: readonly string[], call: GitCall): Promise<Result<GitOutput, Fault>> {
  const { code, stdout, stderr, problem } = await runElsewhere({ ...orderOf(args, call), input: call.input ?? '' });
  if (problem) return err(faultOfProblem(problem, args));
  return ok({ code, stdout: Buffer.from(stdout.buffer, stdout.byteOffset, stdout.byteLength), stderr });
}

/** Runs git and expects exit code 0; the value is its output in bytes. Fails with `git-failed` otherwise. */
export async function gitBytes(args: readonly string[], call: GitCall): Promise<Result<Buffer, Fault>> {
  const run = await git(args, call);
  if (!run.ok) return run;
  return run.value.code === 0 ? ok(run.value.stdout) : err(gitFailed(args, run.value));
}

/** Like {@link gitBytes}, as text without the trailing newline. */
export async function gitText(args: readonly string[], call: GitCall): Promise<Result<string, Fault>> {
  const run = await gitBytes(args, call);
  return run.ok ? ok(run.value.toString('utf8').replace(/\n$/, '')) : run;
}
