import type { AgentEvent } from '#protocol/agent/event.ts';
import type { TranscriptView } from '#protocol/contract/feed.ts';

type Call = Extract<AgentEvent, { type: 'tool-call' }>;
type Result = Extract<AgentEvent, { type: 'tool-result' }>;
type Single = Exclude<AgentEvent, { type: 'tool-call' | 'tool-result' | 'usage' }>;

/** A row of a transcript: a tool call with what came of it, or anything else that was said or happened. */
export type TranscriptRow =
  | {
      readonly key: number;
      readonly at: number;
      readonly row: 'call';
      readonly call: Call;
      readonly result: Result | null;
    }
  | { readonly key: number; readonly at: number; readonly row: 'event'; readonly event: Single };

/** Rows so far, with what is needed to go on from there. */
export interface Folded {
  readonly rows: readonly TranscriptRow[];
  /** How many lines went into it. */
  readonly taken: number;
  /** Where the calls stand that have no result yet. */
  readonly open: ReadonlyMap<string, number>;
}

/** Nothing said yet. */
export const UNFOLDED: Folded = { rows: [], taken: 0, open: new Map() };

/** Takes the lines that came since: a result goes to its call, token counts go nowhere. Costs as much as there is new. */
export function fold(before: Folded, lines: readonly TranscriptView[]): Folded {
  if (lines.length < before.taken) return fold(UNFOLDED, lines);
  if (lines.length === before.taken) return before;
  const rows = [...before.rows];
  const open = new Map(before.open);
  for (const { sequence: key, at, event } of lines.slice(before.taken)) {
    if (event.type === 'usage') continue;
    if (event.type === 'tool-call') {
      open.set(event.toolUseId, rows.length);
      rows.push({ key, at, row: 'call', call: event, result: null });
    } else if (event.type === 'tool-result') {
      const place = open.get(event.toolUseId);
      const called = place === undefined ? undefined : rows[place];
      if (place !== undefined && called?.row === 'call') rows[place] = { ...called, result: event };
      open.delete(event.toolUseId);
    } else rows.push({ key, at, row: 'event', event });
  }
  return { rows, taken: lines.length, open };
}

/** How much of a long text is searched and shown at once, characters. */
export const TEXT_STEP = 20_000;
const SEARCHED = 100_000;

/** The texts of a row, the most telling first. */
export function textsOf(row: TranscriptRow): string[] {
  if (row.row === 'call') return [row.call.title, row.call.tool, row.call.input, row.result?.output ?? ''];
  const { event } = row;
  switch (event.type) {
    case 'text':
    case 'thinking':
      return [event.text];
    case 'finished':
      return [event.reason, event.text];
    case 'failed':
      return [event.fault.what, event.fault.why, event.fault.next];
    case 'denied':
      return [event.title, event.reason];
    case 'deferred':
      return [event.call.title, event.call.reason];
    case 'started':
      return [];
  }
}

/** Places of the rows that hold a text, whatever its case. Of very long texts only the beginning is looked at. */
export function found(rows: readonly TranscriptRow[], wanted: string): number[] {
  const needle = wanted.trim().toLowerCase();
  if (needle === '') return [];
  return rows.flatMap((row, index) =>
    textsOf(row).some((text) => text.slice(0, SEARCHED).toLowerCase().includes(needle)) ? [index] : [],
  );
}

/** A tool's input names its file near its start; a whole parse of a long one would take time for nothing. */
const FILE = /"(?:file_path|notebook_path|path)"\s*:\s*("(?:[^"\\]|\\.){1,4096}")/;

/** The file an edit touched, relative to its workspace; null when the call is no edit or names none. */
export function editedFile(call: Call, workspace: string | null): string | null {
  if (call.kind !== 'edit') return null;
  const quoted = FILE.exec(call.input.slice(0, TEXT_STEP))?.[1];
  if (quoted === undefined) return null;
  let path: string;
  try {
    path = String(JSON.parse(quoted));
  } catch {
    return null;
  }
  if (workspace !== null && path.startsWith(`${workspace}/`)) return path.slice(workspace.length + 1);
  return path.startsWith('/') ? null : path.replace(/^\.\//, '');
}
