import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { gitBytes, startGit } from './git.ts';
import { splitNul } from './names.ts';

/** One changed path between two commits. */
export interface ChangedPath {
  readonly path: string;
  readonly change: 'added' | 'modified' | 'deleted' | 'renamed' | 'type-changed';
  /** The former path of a rename. */
  readonly from?: string;
}

/** A range of commits in one repository. Both ends are commits or trees. */
export interface Range {
  readonly gitDir: string;
  readonly base: string;
  readonly head: string;
}

const CHANGES: Readonly<Record<string, ChangedPath['change']>> = {
  A: 'added',
  C: 'added',
  D: 'deleted',
  M: 'modified',
  R: 'renamed',
  T: 'type-changed',
};

function parseChanges(records: readonly Buffer[]): ChangedPath[] {
  const changes: ChangedPath[] = [];
  const texts = records.map((record) => record.toString('utf8')).values();
  for (const status of texts) {
    const letter = status.charAt(0);
    const first = texts.next().value ?? '';
    const change = CHANGES[letter] ?? 'modified';
    if (letter === 'R' || letter === 'C') changes.push({ path: texts.next().value ?? '', change, from: first });
    else changes.push({ path: first, change });
  }
  return changes;
}

const FLAGS = ['diff-tree', '-r', '-M', '--no-ext-diff', '--no-textconv', '--ignore-submodules=dirty'];

/** Lists what differs between two commits, renames recognised. Fails with `git-failed` when an end is unknown. */
export async function changedPaths({ gitDir, base, head }: Range): Promise<Result<ChangedPath[], Fault>> {
  const listed = await gitBytes([...FLAGS, '-z', '--name-status', '--end-of-options', base, head, '--'], {
    gitDir,
  });
  return listed.ok ? ok(parseChanges(splitNul(listed.value))) : listed;
}

/** A textual difference, possibly cut. */
export interface DiffText {
  readonly text: string;
  /** True when the rest was left out. */
  readonly truncated: boolean;
}

/**
 * The difference between two commits, of these paths or of all, as a unified diff of at most `limit` bytes (1 MiB when
 * absent). External diff and
 * text conversion programs are never run. Fails with `git-failed` when an end is unknown.
 */
export async function diffText(
  range: Range,
  limit = 1024 * 1024,
  paths: readonly string[] = [],
): Promise<Result<DiffText, Fault>> {
  const args = [...FLAGS, '-p', '--no-color', '--end-of-options', range.base, range.head, '--', ...paths];
  const running = startGit(args, { gitDir: range.gitDir });
  running.stdin.end();
  const chunks: Buffer[] = [];
  let size = 0;
  running.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) running.kill();
  });
  const { code, stderr } = await running.ended;
  const truncated = size > limit;
  if (code === 0 || truncated)
    return ok({ text: Buffer.concat(chunks).subarray(0, limit).toString('utf8'), truncated });
  return err(
    faultOf(
      'git-failed',
      'The difference could not be made.',
      stderr.trim().slice(0, 2000),
      'Check that both commits exist.',
    ),
  );
}
