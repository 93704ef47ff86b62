import { createHash } from 'node:crypto';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { git, gitBytes, gitFailed, type Person } from './git.ts';
import { branchMoved, noSuchBranch } from './merge.ts';

/** A file as a branch has it. */
export interface BranchFile {
  /** git's id of its content. */
  readonly blob: string;
  readonly text: string;
}

/** A file to be written to a branch, and what its commit says. */
export interface FileToWrite {
  readonly path: string;
  readonly text: string;
  readonly message: string;
  readonly author: Person;
}

/** A branch's tip and a file of it, or null when it has none, asked together. */
export interface BranchState {
  readonly tip: string;
  readonly file: BranchFile | null;
}

/** Takes the first line off git's answer; the rest follows it. */
function cutLine(bytes: Buffer): { readonly line: string; readonly rest: Buffer } {
  const end = bytes.indexOf(0x0a);
  return { line: bytes.toString('utf8', 0, end), rest: bytes.subarray(end + 1) };
}

/** Reads a file of a branch. Fails with `no-such-branch` or `git-failed`. */
export async function readBranchFile(hub: string, ref: string, path: string): Promise<Result<BranchState, Fault>> {
  const args = ['cat-file', '--batch-command'];
  const answer = await gitBytes(args, { gitDir: hub, input: `info ${ref}^{commit}\ncontents ${ref}:${path}\n` });
  if (!answer.ok) return answer;
  const first = cutLine(answer.value);
  const [tip = '', kind] = first.line.split(' ');
  if (kind !== 'commit') return err(noSuchBranch(ref));
  const second = cutLine(first.rest);
  const [blob = '', type, size] = second.line.split(' ');
  if (second.line.endsWith(' missing')) return ok({ tip, file: null });
  if (type !== 'blob') return err(gitFailed(args, { code: 0, stderr: `${path} is a ${type}, not a file.` }));
  return ok({ tip, file: { blob, text: second.rest.toString('utf8', 0, Number(size)) } });
}

/** git's id of a text, in the kind of ids that `like` is one of. */
function blobOf(text: string, like: string): string {
  const bytes = Buffer.from(text);
  const hash = createHash(like.length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;

/** A person as git's import stream names one: nothing in it ends the name or the line. */
function signature({ name, email }: Person): string {
  const plain = (text: string) => text.replaceAll(/[<>\p{Cc}]/gu, ' ').trim();
  return `${plain(name)} <${plain(email)}> now`;
}

function quoted(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

/** One git does it all: the file, its folders, the commit, and the branch, which must still be where it was. */
async function commitFile(hub: string, ref: string, tip: string, file: FileToWrite): Promise<Result<void, Fault>> {
  const who = signature(file.author);
  const input = [
    `commit ${ref}\nauthor ${who}\ncommitter ${who}\n${data(`${file.message.trim()}\n`)}from ${tip}\n`,
    `M 100644 inline ${quoted(file.path)}\n${data(file.text)}done\n`,
  ].join('');
  const args = ['fast-import', '--quiet', '--done', '--date-format=now'];
  const done = await git(args, { gitDir: hub, input });
  if (!done.ok) return done;
  if (done.value.code === 0) return ok(undefined);
  const moved = done.value.stderr.includes('Not updating') || done.value.stderr.includes('cannot lock ref');
  return err(moved ? branchMoved(ref, done.value.stderr) : gitFailed(args, done.value));
}

async function writeOnce(
  hub: string,
  ref: string,
  file: FileToWrite,
  { tip, file: there }: BranchState,
): Promise<Result<string, Fault>> {
  const blob = blobOf(file.text, tip);
  if (there?.blob === blob) return ok(blob);
  const done = await commitFile(hub, ref, tip, file);
  return done.ok ? ok(blob) : done;
}

/** Times a commit is made anew because the branch moved. */
const MOST_TRIES = 8;

/**
 * Writes a file to a branch of the hub with a commit of its own; nothing when the branch has it so already. `seen` is
 * what was read of it a moment ago, if it was. The value is git's id of its content. Fails with `no-such-branch`,
 * `branch-moved` or `git-failed`.
 */
export async function writeBranchFile(
  hub: string,
  ref: string,
  file: FileToWrite,
  seen?: BranchState,
): Promise<Result<string, Fault>> {
  for (let tries = 1; ; tries += 1) {
    const state = tries === 1 && seen ? ok(seen) : await readBranchFile(hub, ref, file.path);
    if (!state.ok) return state;
    const written = await writeOnce(hub, ref, file, state.value);
    if (written.ok || written.error.tag !== 'branch-moved' || tries === MOST_TRIES) return written;
  }
}
