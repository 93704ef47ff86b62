/** One line of a hunk. `note` is what git adds about the file's end. */
export interface DiffLine {
  readonly kind: 'context' | 'added' | 'removed' | 'note';
  /** Line number before; null where there was none. */
  readonly old: number | null;
  /** Line number after; null where there is none. */
  readonly new: number | null;
  readonly text: string;
}

/** Lines that changed together. */
export interface Hunk {
  /** The `@@` line as git wrote it: the hunk's name. */
  readonly header: string;
  readonly lines: readonly DiffLine[];
}

/** A row as it is shown, from top to bottom: a hunk's header or one of its lines. */
export type DiffRow =
  | { readonly row: 'hunk'; readonly hunk: number; readonly header: string }
  | { readonly row: 'line'; readonly hunk: number; readonly line: DiffLine };

const HEADER = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/;

interface Cursor {
  old: number;
  new: number;
}

function lineOf(raw: string, at: Cursor): DiffLine {
  const text = raw.slice(1);
  switch (raw[0]) {
    case '+':
      return { kind: 'added', old: null, new: at.new++, text };
    case '-':
      return { kind: 'removed', old: at.old++, new: null, text };
    case '\\':
      return { kind: 'note', old: null, new: null, text: text.trim() };
    default:
      // Some tools drop the blank of an empty context line.
      return { kind: 'context', old: at.old++, new: at.new++, text };
  }
}

/**
 * The hunks of one file's unified diff. What stands before the first hunk (names, modes) is left out; text that is no
 * diff gives no hunks. Only LF ends a line, so a carriage return stays and can be seen.
 */
export function parseDiff(diff: string): Hunk[] {
  const hunks: { header: string; lines: DiffLine[] }[] = [];
  let at: Cursor | null = null;
  const raws = diff.split('\n');
  if (raws.at(-1) === '') raws.pop();
  for (const raw of raws) {
    const start = HEADER.exec(raw);
    // A second file's diff would be taken for the first one's lines.
    if (raw.startsWith('diff --git ')) at = null;
    else if (start) {
      at = { old: Number(start[1]), new: Number(start[2]) };
      hunks.push({ header: raw, lines: [] });
    } else if (at) hunks.at(-1)?.lines.push(lineOf(raw, at));
  }
  return hunks;
}

/** Hunks as rows. */
export function diffRows(hunks: readonly Hunk[]): DiffRow[] {
  return hunks.flatMap(({ header, lines }, hunk) => [
    { row: 'hunk' as const, hunk, header },
    ...lines.map((line) => ({ row: 'line' as const, hunk, line })),
  ]);
}

/** Where a line is, for a comment: removed lines are named by the old file, all others by the new. */
export function placeOf(line: DiffLine): { readonly side: 'old' | 'new'; readonly line: number } | null {
  if (line.new !== null) return { side: 'new', line: line.new };
  return line.old === null ? null : { side: 'old', line: line.old };
}
