import { err, ok, type Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { git, gitFailed } from './git.ts';
import { splitNul } from './names.ts';

/** One version of a conflicting file: stage 1 is the common base, 2 ours, 3 theirs. */
export interface ConflictStage {
  readonly mode: string;
  readonly id: string;
  readonly stage: number;
  readonly path: string;
}

/** What merging two commits gives. The tree is written to the repository; with conflicts it contains their markers. */
export interface TreeMerge {
  readonly clean: boolean;
  readonly tree: string;
  readonly stages: readonly ConflictStage[];
  /** Paths in conflict, each once. */
  readonly files: readonly string[];
  /** Paths that both sides changed, in conflict or not. */
  readonly touched: readonly string[];
  /** git's own sentences about the merge. */
  readonly messages: readonly string[];
}

function parseStages(records: readonly string[]): ConflictStage[] {
  return records.flatMap((record) => {
    const tab = record.indexOf('\t');
    const [mode = '', id = '', stage = ''] = record.slice(0, tab).split(' ');
    return tab < 0 ? [] : [{ mode, id, stage: Number(stage), path: record.slice(tab + 1) }];
  });
}

interface MergeMessage {
  readonly paths: readonly string[];
  readonly kind: string;
  readonly text: string;
}

/** Messages come as: number of paths, the paths, the kind, the sentence. */
function parseMessages(records: readonly string[]): MergeMessage[] {
  const messages: MergeMessage[] = [];
  for (let at = 0; at < records.length; ) {
    const paths = Number(records[at]);
    if (!Number.isInteger(paths)) break;
    const [kind = '', text = ''] = records.slice(at + paths + 1, at + paths + 3);
    messages.push({ paths: records.slice(at + 1, at + paths + 1), kind, text: text.trim() });
    at += paths + 3;
  }
  return messages;
}

function parse(stdout: Buffer, clean: boolean): TreeMerge {
  const [tree = '', ...rest] = splitNul(stdout).map((record) => record.toString('utf8'));
  // A clean merge has no list of stages: its messages follow at once, after the same empty record.
  const gap = rest.indexOf('');
  const stages = clean ? [] : parseStages(gap < 0 ? rest : rest.slice(0, gap));
  const messages = gap < 0 ? [] : parseMessages(rest.slice(gap + 1));
  const conflicts = messages.filter((message) => message.kind.startsWith('CONFLICT'));
  const files = [...new Set(stages.map((stage) => stage.path))];
  const touched = [...new Set([...files, ...messages.flatMap((message) => message.paths)])];
  return { clean, tree, stages, files, touched, messages: conflicts.map((message) => message.text) };
}

/**
 * Merges two commits without touching a file, index or ref. A conflict is a value, not a fault. Fails with `git-failed`
 * for unknown or unrelated commits.
 */
export async function mergeTrees(gitDir: string, ours: string, theirs: string): Promise<Result<TreeMerge, Fault>> {
  const args = ['merge-tree', '--write-tree', '-z', '--messages', ours, theirs];
  const merged = await git(args, { gitDir });
  if (!merged.ok) return merged;
  const { code, stdout } = merged.value;
  if (code !== 0 && code !== 1) return err(gitFailed(args, merged.value));
  return ok(parse(stdout, code === 0));
}
