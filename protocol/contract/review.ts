import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { base, commandId, done } from './base.ts';

const goal = z.string().min(1).max(100);
const id = z.string().min(1).max(100);
const path = z.string().min(1).max(4_096);
/** What is looked at: one attempt's work, or all a goal has merged. */
const scope = { goal, attempt: id.nullable().default(null) };

/** One changed file. */
export interface ChangedFile {
  readonly path: string;
  /** Where it was before, when it was moved; else null. */
  readonly from: string | null;
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed' | 'copied' | 'type-changed';
  /** Lines; null for binary files. */
  readonly additions: number | null;
  readonly deletions: number | null;
}

/** One commit, newest last. */
export interface ChangeCommit {
  readonly id: string;
  readonly subject: string;
  readonly author: string;
  /** Wall-clock milliseconds. */
  readonly at: number;
}

/** What an attempt or a goal changes against its base. */
export interface Changes {
  readonly base: string;
  readonly head: string;
  /** At most `limit` of them; `total` says how many there are. */
  readonly files: readonly ChangedFile[];
  readonly total: number;
  readonly commits: readonly ChangeCommit[];
  /** The folder on this machine, when there is one; null once removed or for a whole goal. */
  readonly workspace: string | null;
  /** True when it includes work that is not committed yet. */
  readonly uncommitted: boolean;
}

/** How a finished goal leaves AIOS as a pull request. */
export interface PullRequest {
  /** `opened`: `url` is the request. `manual`: run `command`, then open `url` when there is one. */
  readonly kind: 'opened' | 'manual';
  readonly url: string | null;
  readonly command: string | null;
  readonly detail: string;
}

/** A command of the project that runs in a workspace, on a port of its own. */
export interface RunningApp {
  readonly id: string;
  readonly goal: string;
  readonly attempt: string | null;
  readonly command: string;
  readonly url: string;
  readonly state: 'starting' | 'up' | 'ended';
  readonly exitCode: number | null;
  /** The last lines it printed. */
  readonly output: string;
}

/** What a terminal prints; `sequence` counts pieces from 1. `ended` is last. */
export type TerminalOutput =
  | { readonly kind: 'data'; readonly sequence: number; readonly data: string }
  | { readonly kind: 'ended'; readonly exitCode: number | null };

/** Looking at work, answering it, and taking it out. */
export const reviewContract = {
  changes: base
    .route({ method: 'GET', path: '/review/changes' })
    .input(z.object({ ...scope, commit: id.optional(), limit: z.number().int().min(1).max(5_000).default(2_000) }))
    .output(z.custom<Changes>()),
  /** A unified diff of one file, capped; `truncated` says when it was cut. */
  fileDiff: base
    .route({ method: 'GET', path: '/review/diff' })
    .input(z.object({ ...scope, path, commit: id.optional() }))
    .output(z.object({ diff: z.string(), truncated: z.boolean(), binary: z.boolean() })),
  /** A line comment: reaches the author as a message that wants an answer. */
  comment: base
    .route({ method: 'POST', path: '/review/comment' })
    .input(
      z.object({
        ...scope,
        path,
        line: z.number().int().positive(),
        side: z.enum(['old', 'new']),
        text: z.string().trim().min(1).max(20_000),
        command: commandId,
      }),
    )
    .output(z.object({ message: z.string(), to: z.string() })),
  /** Reverts one hunk with a commit of its own and verifies again. `header` is the hunk's `@@` line as it was shown. */
  rejectHunk: base
    .route({ method: 'POST', path: '/review/reject-hunk' })
    .input(z.object({ ...scope, path, header: z.string().min(4).max(500), head: id, command: commandId }))
    .output(done),
  /** Opens a file or the workspace in the user's editor. */
  openInEditor: base
    .route({ method: 'POST', path: '/review/editor' })
    .input(z.object({ ...scope, path: path.optional(), line: z.number().int().positive().optional() }))
    .output(z.object({ command: z.string() })),
  pullRequest: base
    .route({ method: 'POST', path: '/review/pull-request' })
    .input(z.object({ goal, title: z.string().trim().min(1).max(250).optional(), command: commandId }))
    .output(z.custom<PullRequest>()),
  runApp: base
    .route({ method: 'POST', path: '/review/apps' })
    .input(z.object({ ...scope, command: commandId }))
    .output(z.custom<RunningApp>()),
  apps: base.route({ method: 'GET', path: '/review/apps' }).output(z.array(z.custom<RunningApp>())),
  stopApp: base
    .route({ method: 'POST', path: '/review/apps/stop' })
    .input(z.object({ app: id }))
    .output(z.object({ stopped: z.boolean() })),
};

const size = { columns: z.number().int().min(2).max(500), rows: z.number().int().min(2).max(300) };

/** The CEO's own shell in a workspace. */
export const terminalContract = {
  open: base
    .route({ method: 'POST', path: '/terminals' })
    .input(z.object({ goal, attempt: id, ...size }))
    .output(z.object({ terminal: z.string() })),
  /** Everything after a sequence number, then what follows. */
  output: base
    .input(z.object({ terminal: id, after: z.number().int().nonnegative().default(0) }))
    .output(eventIterator(z.custom<TerminalOutput>())),
  input: base
    .route({ method: 'POST', path: '/terminals/input' })
    .input(z.object({ terminal: id, data: z.string().max(100_000) }))
    .output(z.object({ written: z.boolean() })),
  resize: base
    .route({ method: 'POST', path: '/terminals/resize' })
    .input(z.object({ terminal: id, ...size }))
    .output(z.object({ resized: z.boolean() })),
  close: base
    .route({ method: 'POST', path: '/terminals/close' })
    .input(z.object({ terminal: id }))
    .output(z.object({ closed: z.boolean() })),
};
