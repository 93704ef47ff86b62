import { devNull } from 'node:os';
import {
  publishBranch,
  readUserConfig,
  type UserConfig,
  type UserRepository,
} from '#main/features/workspaces/index.ts';
import { findProgram } from '#main/platform/find-program.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import { userEnvironment } from '#main/platform/user-environment.ts';
import type { PullRequest } from '#protocol/contract/review.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { compareUrl, isGitHub, type WebRemote, webRemoteOf, withoutCredentials } from './remote.ts';
import { runProgram } from './run-program.ts';

/** A goal whose work is to be offered. */
export interface Offer {
  readonly repository: UserRepository;
  readonly hub: string;
  /** Short names: the goal's branch, and the one it is for. */
  readonly branch: string;
  readonly target: string;
  readonly title: string;
  readonly body: string;
  /** The operator's own environment: pushing and asking for a request are done as them. */
  readonly env: NodeJS.ProcessEnv;
}

const PUSH_MS = 180_000;
const CREATE_MS = 60_000;
/** Remotes are named in a command, so only plain names are. */
const PLAIN_NAME = /^[A-Za-z0-9_][A-Za-z0-9._/-]*$/;

interface Remote {
  readonly name: string;
  readonly web: WebRemote | null;
}

/** The remote the target branch belongs to, else `origin`, else the only one. */
function remoteOf(config: UserConfig, target: string): Result<Remote, Fault> {
  const names = [...config.keys()].flatMap((key) => /^remote\.(.+)\.url$/s.exec(key)?.[1] ?? []);
  const own = config.get(`branch.${target}.remote`);
  const name = [own, 'origin', names.length === 1 ? names[0] : undefined].find((each) => names.includes(each ?? ''));
  const address = config.get(`remote.${name}.pushurl`) ?? config.get(`remote.${name}.url`);
  if (name !== undefined && address !== undefined && PLAIN_NAME.test(name))
    return ok({ name, web: webRemoteOf(address) });
  return err(
    faultOf(
      'no-remote',
      'There is nowhere to open a pull request.',
      names.length > 1 ? 'The repository has several remotes and none is called origin.' : 'It has no remote.',
      'Add a remote to your repository (git remote add origin ADDRESS), or accept the goal into your branch.',
    ),
  );
}

const quoted = (text: string) =>
  process.platform === 'win32' ? `"${text.replaceAll('"', '')}"` : `'${text.replaceAll("'", "'\\''")}'`;

function byHand(offer: Offer, { name, web }: Remote, detail: string): PullRequest {
  const command = `git -C ${quoted(offer.repository.topLevel)} push ${name} ${quoted(offer.branch)}`;
  return { kind: 'manual', command, url: web && compareUrl(web, offer.target, offer.branch), detail };
}

function push(offer: Offer, { name }: Remote) {
  const ref = `refs/heads/${offer.branch}`;
  const { commonDir, topLevel } = offer.repository;
  // The user's credentials and address rewrites hold; programs that a repository may bring do not run.
  const args = ['-c', `core.hooksPath=${devNull}`, '-c', 'core.fsmonitor=false'];
  return runProgram({
    program: 'git',
    args: [...args, 'push', '--no-verify', '--porcelain', '--recurse-submodules=no', '--', name, `${ref}:${ref}`],
    cwd: topLevel,
    env: { ...userEnvironment(offer.env), GIT_DIR: commonDir, GIT_TERMINAL_PROMPT: '0' },
    timeoutMs: PUSH_MS,
  });
}

/** The address of a request in what the program printed, if it is the remote's own. */
function requestUrl(text: string, { host }: WebRemote): string | null {
  const found = text.match(/https:\/\/[^\s<>"']+/g) ?? [];
  return found.find((each) => URL.canParse(each) && new URL(each).host === host && /\/pull\/\d+/.test(each)) ?? null;
}

/**
 * Brings a goal's branch into the user's repository and asks for a pull request: with the user's own `gh` where the
 * remote is GitHub's, after a push as the user; otherwise nothing leaves the machine, and the command and the page to
 * do it by hand are said. Fails with `no-remote`, `push-failed` or what {@link publishBranch} fails with.
 */
export async function offerPullRequest(offer: Offer): Promise<Result<PullRequest, Fault>> {
  const config = await readUserConfig(offer.repository.commonDir);
  if (!config.ok) return config;
  const remote = remoteOf(config.value, offer.target);
  if (!remote.ok) return remote;
  const published = await publishBranch(offer.hub, offer.branch, offer.repository);
  if (!published.ok) return published;
  const { web } = remote.value;
  const gh = web && isGitHub(web) ? await findProgram('gh', offer.env) : null;
  if (gh === null || web === null) return ok(byHand(offer, remote.value, 'Push the branch, then open the page.'));
  const pushed = await push(offer, remote.value);
  if (pushed.code !== 0) {
    const why =
      withoutCredentials(pushed.stderr || pushed.stdout)
        .trim()
        .slice(-2_000) || 'It did not end in time.';
    const next = `Push it yourself: ${byHand(offer, remote.value, '').command}`;
    return err(faultOf('push-failed', `The branch was not pushed to ${remote.value.name}.`, why, next));
  }
  const { branch, target, title, body } = offer;
  const named = ['--repo', `${web.host}/${web.path}`, '--head', branch, '--base', target];
  const made = await runProgram({
    program: gh,
    args: ['pr', 'create', ...named, `--title=${title}`, `--body=${body}`],
    cwd: offer.repository.topLevel,
    env: { ...userEnvironment(offer.env), GH_PROMPT_DISABLED: '1', GIT_TERMINAL_PROMPT: '0', NO_COLOR: '1' },
    timeoutMs: CREATE_MS,
  });
  const url = requestUrl(`${made.stdout}\n${made.stderr}`, web);
  // One that exists already is named in the error.
  if (url !== null && (made.code === 0 || /already exists/i.test(made.stderr)))
    return ok({ kind: 'opened', url, command: null, detail: '' });
  const why = withoutCredentials(made.stderr).trim().slice(-2_000);
  return ok(byHand(offer, remote.value, `The branch is pushed, but gh could not open the request. ${why}`.trim()));
}
