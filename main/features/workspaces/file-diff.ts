import { StringDecoder } from 'node:string_decoder';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { checkPath, rawChanges } from './changes.ts';
import type { Range } from './diff.ts';
import { git, gitText, startGit } from './git.ts';

/** One file's difference. */
export interface FileDiff {
  /** Unified, with git's header. */
  readonly diff: string;
  /** True when the end is missing. */
  readonly truncated: boolean;
  readonly binary: boolean;
}

const MOST_BYTES = 1024 * 1024;
const MOST_LINES = 20_000;

/** The start of what a git process writes, cut at whole characters. Kills it when there is enough. */
async function startOf(args: readonly string[], gitDir: string): Promise<Result<string, Fault>> {
  const running = startGit(args, { gitDir, config: [['core.bigFileThreshold', '32m']], timeoutMs: 30_000 });
  running.stdin.end();
  const decoder = new StringDecoder('utf8');
  let text = '';
  let size = 0;
  running.stdout.on('data', (chunk: Buffer) => {
    if (size > MOST_BYTES) return;
    text += decoder.write(chunk.subarray(0, MOST_BYTES + 1 - size));
    size += chunk.length;
    if (size > MOST_BYTES) running.kill();
  });
  const { code, stderr, problem } = await running.ended;
  if (code === 0 || size > MOST_BYTES) return ok(text);
  const why = problem === 'timeout' ? 'It took too long.' : stderr.trim().slice(0, 2_000);
  return err(faultOf('git-failed', 'The difference could not be made.', why, 'Try again, or look at another file.'));
}

/** The first file's part of a diff: nothing inside a file starts a line with these words. */
function firstFile(text: string): string {
  const next = text.indexOf('\ndiff --git ');
  return next < 0 ? text : text.slice(0, next + 1);
}

function capped(text: string, cutAlready: boolean): FileDiff {
  let end = 0;
  for (let lines = 0; lines < MOST_LINES && end < text.length; lines += 1) {
    const newline = text.indexOf('\n', end);
    end = newline < 0 ? text.length : newline + 1;
  }
  const diff = text.slice(0, end);
  return { diff, truncated: cutAlready || end < text.length, binary: /^Binary files .* differ$/m.test(diff) };
}

/** Where the file was before, when it was moved. */
async function sourceOf(range: Range, path: string): Promise<Result<string | null, Fault>> {
  const there = await git(['cat-file', '-e', `${range.base}:${path}`], { gitDir: range.gitDir });
  if (!there.ok) return there;
  if (there.value.code === 0) return ok(null);
  const listed = await rawChanges(range, Number.POSITIVE_INFINITY);
  if (!listed.ok) return listed;
  return ok(listed.value.files.find((file) => file.path === path)?.from ?? null);
}

/**
 * The difference of one file between two commits or trees of the hub: at most 1 MiB and 20,000 lines. Nothing of the
 * repository is executed for it. Fails with `bad-path`, or `no-such-file` where the file does not differ.
 */
export async function fileDiff(range: Range, path: string): Promise<Result<FileDiff, Fault>> {
  const checked = checkPath(path);
  if (!checked.ok) return checked;
  const from = await sourceOf(range, path);
  if (!from.ok) return from;
  const flags = ['-r', '-M', '-p', '--no-color', '--no-ext-diff', '--no-textconv', '--ignore-submodules=dirty'];
  const paths = from.value === null ? [path] : [from.value, path];
  const args = ['diff-tree', ...flags, '--end-of-options', range.base, range.head, '--', ...paths];
  const text = await startOf(args, range.gitDir);
  if (!text.ok) return text;
  if (text.value === '')
    return err(
      faultOf('no-such-file', 'This file does not differ.', 'It may have changed since.', 'Load the changes again.'),
    );
  const whole = firstFile(text.value);
  const cut = Buffer.byteLength(text.value) >= MOST_BYTES && whole.length === text.value.length;
  return ok(capped(whole, cut));
}

/**
 * The commit of the goal's own line that a line of a file comes from, or the last one that touched the file. Null when
 * it was never touched between `base` and `head`.
 */
export async function lastTouched(range: Range, path: string, line: number | null): Promise<string | null> {
  const { gitDir, base, head } = range;
  if (!checkPath(path).ok) return null;
  if (line !== null) {
    const range1 = `${line},${line}`;
    const args = ['blame', '--first-parent', '--porcelain', '-L', range1, `${base}..${head}`, '--', path];
    const blamed = await gitText(args, { gitDir, timeoutMs: 15_000 });
    const commit = blamed.ok ? (blamed.value.split(' ')[0] ?? '') : '';
    // A line from before the goal is blamed on the boundary.
    if (commit !== '' && !/^boundary$/m.test(blamed.ok ? blamed.value : '')) return commit;
  }
  const args = ['log', '--first-parent', '--max-count=1', '--format=%H', '--end-of-options', `${base}..${head}`, '--'];
  const logged = await gitText([...args, path], { gitDir, timeoutMs: 15_000 });
  return logged.ok && logged.value !== '' ? logged.value : null;
}
