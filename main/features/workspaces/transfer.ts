import { pipeline } from 'node:stream/promises';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { type GitCall, git, gitBytes, gitFailed, startGit } from './git.ts';

/** Irregularities of old, honest histories; everything else that fsck objects to is refused. */
const TOLERATED = [
  'zeroPaddedFilemode',
  'badTimezone',
  'missingSpaceBeforeDate',
  'missingSpaceBeforeEmail',
  'missingNameBeforeEmail',
  'badFilemode',
  'missingTaggerEntry',
  'badTagName',
]
  .map((id) => `${id}=ignore`)
  .join(',');

/** What moves from where to where. `wants` come with everything they reach, except what `haves` reach. */
export interface Transfer {
  /** Reads the objects; may borrow folders of others. */
  readonly from: GitCall;
  /** Receives a checked pack. */
  readonly to: GitCall;
  readonly wants: readonly string[];
  readonly haves: readonly string[];
}

/** Which of these ids a repository lacks. */
export async function missingIn(call: GitCall, ids: readonly string[]): Promise<Result<string[], Fault>> {
  if (ids.length === 0) return ok([]);
  const input = `${ids.join('\n')}\n`;
  const answer = await gitBytes(['cat-file', '--batch-check=%(objectname)'], { ...call, input });
  if (!answer.ok) return answer;
  const lines = answer.value.toString('utf8').split('\n');
  return ok(lines.filter((line) => line.endsWith(' missing')).map((line) => line.slice(0, -' missing'.length)));
}

function revisions(wants: readonly string[], haves: readonly string[]): string {
  return [...wants, ...haves.map((id) => `^${id}`), ''].join('\n');
}

/** Takes a pack over that may build on objects the repository has; every object is checked. Fails with `transfer-refused`. */
export async function indexPack(to: GitCall): Promise<Result<void, Fault>> {
  const indexed = await git(['index-pack', '--stdin', '--fix-thin', `--strict=${TOLERATED}`], to);
  if (!indexed.ok) return indexed;
  return indexed.value.code === 0 ? ok(undefined) : err(refused(indexed.value.stderr));
}

function refused(stderr: string): Fault {
  return faultOf(
    'transfer-refused',
    'Commits could not be taken over.',
    stderr.trim().slice(0, 2000) || 'the pack was not accepted',
    'Run `git fsck` in the repository they come from and repair what it names.',
  );
}

/**
 * Copies commits between repositories as a pack, without a transport: nothing of either side's remotes, hooks, url
 * rewrites or upload programs is consulted, and every object is checked on arrival. Does nothing when nothing is
 * missing. Fails with `transfer-refused` when an object is malformed or incomplete.
 */
export async function transfer({ from, to, wants, haves }: Transfer): Promise<Result<void, Fault>> {
  const missing = await missingIn(to, wants);
  if (!missing.ok) return missing;
  if (missing.value.length === 0) return ok(undefined);
  const packing = ['pack-objects', '--revs', '--stdout', '--delta-base-offset', '--quiet'];
  const source = startGit(packing, from);
  const sink = startGit(['index-pack', '--stdin', `--strict=${TOLERATED}`], to);
  sink.stdout.resume();
  source.stdin.end(revisions(missing.value, haves));
  await pipeline(source.stdout, sink.stdin).catch(() => undefined);
  const [packed, indexed] = await Promise.all([source.ended, sink.ended]);
  if (packed.code !== 0) return err(gitFailed(packing, packed));
  if (indexed.code === 0) return ok(undefined);
  return err(refused(indexed.stderr));
}
