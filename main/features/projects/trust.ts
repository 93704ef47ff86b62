import { createHash } from 'node:crypto';
import { gitBytes, splitNul } from '#main/features/workspaces/index.ts';
import { ok, type Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';
import type { ProjectCommands } from './commands.ts';
import { commitReader, regularFiles } from './reader.ts';
import { scriptsUsedBy } from './scripts.ts';

/** Why something of a repository needs trust. */
export type TrustKind = 'command' | 'script' | 'instructions' | 'agent-config' | 'mcp' | 'include' | 'aios';

/** One thing of the repository that would run or steer agents, ready to be shown. */
export interface TrustItem {
  readonly kind: TrustKind;
  /** A path in the repository, `package.json#scripts.test`, or `setup` and `verify`. */
  readonly path: string;
  /** One line, at most 200 characters. */
  readonly summary: string;
}

/** Everything the CEO trusts or refuses at once. */
export interface TrustDescription {
  /** SHA-256 (hex) over all items and their content: another digest must be asked for again. */
  readonly digest: string;
  readonly items: readonly TrustItem[];
}

/** A text of the repository that agents are told, once it is trusted. */
export interface RepositoryContext {
  readonly source: string;
  readonly text: string;
}

interface Bound extends TrustItem {
  /** Blob id or hash: what the digest binds. */
  readonly content: string;
}

const LONGEST_CONTEXT = 64 * 1024;
/** Where a repository keeps skills: a folder each. */
export const SKILLS_FOLDER = '.claude/skills/';
const CONTEXT_FILES = ['CLAUDE.md', '.claude/CLAUDE.md', 'AGENTS.md'];

const RULES: ReadonlyArray<readonly [RegExp, TrustKind, string]> = [
  [/(^|\/)(CLAUDE(\.local)?|AGENTS|GEMINI)\.md$/i, 'instructions', 'Instructions that agents read'],
  [/(^|\/)\.mcp\.json$/i, 'mcp', 'MCP servers for agents'],
  [/(^|\/)\.(claude|codex|gemini|opencode|goose)\//i, 'agent-config', 'Configuration of an agent'],
  [/(^|\/)(opencode\.jsonc?|\.goosehints|\.cursorrules)$/i, 'agent-config', 'Configuration of an agent'],
  [/^\.worktreeinclude$/, 'include', 'Untracked files that are copied to agents'],
  // Plans of goals that were accepted say what was meant: nothing of them runs or steers.
  [/^\.aios\/(?!plans\/goal_[a-z0-9]+\.yaml$)/, 'aios', 'Configuration of AIOS'],
];

const MAKEFILE = /^(GNUmakefile|makefile|Makefile)$/;

function oneLine(text: string): string {
  const line = text.replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function fileItem(path: string, blob: string, commands: ProjectCommands): Bound | null {
  const rule = RULES.find(([pattern]) => pattern.test(path));
  if (rule) return { kind: rule[1], path, summary: rule[2], content: blob };
  const makes = [commands.setup, commands.verify].some((command) => command && /\bmake\b/.test(command));
  if (makes && MAKEFILE.test(path)) return { kind: 'script', path, summary: 'Rules that make runs', content: blob };
  return null;
}

function commandItems(commands: ProjectCommands): Bound[] {
  return (['setup', 'verify'] as const).flatMap((path) => {
    const command = commands[path];
    return command === undefined
      ? []
      : [{ kind: 'command' as const, path, summary: oneLine(command), content: hashOf(command) }];
  });
}

/** Files of the commit that need trust, with the ids of their contents. */
async function fileItems(gitDir: string, commit: string, commands: ProjectCommands): Promise<Result<Bound[], Fault>> {
  const listed = await gitBytes(['ls-tree', '-r', '-z', '--full-tree', commit], { gitDir });
  if (!listed.ok) return listed;
  const items = splitNul(listed.value).map((record) => {
    const text = record.toString('utf8');
    const tab = text.indexOf('\t');
    // Mode and id: a file that becomes a link or executable is another thing.
    return fileItem(text.slice(tab + 1), text.slice(0, tab), commands);
  });
  return ok(items.filter((item) => item !== null));
}

async function scriptItems(gitDir: string, commit: string, commands: ProjectCommands): Promise<Bound[]> {
  const manifest = await commitReader(gitDir, commit)('package.json');
  const scripts = manifest === null ? new Map<string, string>() : scriptsUsedBy(manifest, commands);
  return [...scripts].map(([name, script]) => ({
    kind: 'script' as const,
    path: `package.json#scripts.${name}`,
    summary: oneLine(script),
    content: hashOf(script),
  }));
}

function digestOf(items: readonly Bound[]): string {
  const hash = createHash('sha256').update('aios-trust-1\0');
  for (const { kind, path, content } of items) hash.update(`${kind}\0${path}\0${content}\0`);
  return hash.digest('hex');
}

/**
 * Describes everything of a commit that could run a program or steer an agent, and binds it to a digest: the commands,
 * the scripts they use, instructions, agent and MCP configuration, `.worktreeinclude` and `.aios`. Reads the commit, not
 * the checkout, and executes nothing. `gitDir` is a repository that has the commit. Fails with `git-failed`.
 */
export async function describeTrust(
  gitDir: string,
  commit: string,
  commands: ProjectCommands,
): Promise<Result<TrustDescription, Fault>> {
  const files = await fileItems(gitDir, commit, commands);
  if (!files.ok) return files;
  const scripts = await scriptItems(gitDir, commit, commands);
  const bound = [...commandItems(commands), ...scripts, ...files.value];
  bound.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const items = bound.map(({ kind, path, summary }) => ({ kind, path, summary }));
  return ok({ digest: digestOf(bound), items });
}

/**
 * Reads what a trusted repository tells agents: `CLAUDE.md`, `.claude/CLAUDE.md` and `AGENTS.md` at its top, at most 64 KiB
 * each, the same text once. Links are not followed.
 */
export async function readContext(gitDir: string, commit: string): Promise<readonly RepositoryContext[]> {
  const regular = await regularFiles(gitDir, commit);
  const read = commitReader(gitDir, commit);
  const contexts: RepositoryContext[] = [];
  for (const source of CONTEXT_FILES) {
    const text = regular.has(source) ? (await read(source))?.slice(0, LONGEST_CONTEXT) : undefined;
    if (text && !contexts.some((context) => context.text === text)) contexts.push({ source, text });
  }
  return contexts;
}
