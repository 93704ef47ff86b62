/** Why a git did not end by itself. */
export type Problem = 'missing' | 'timeout' | 'spawn';

/** One git to run to its end; the environment is the whole of it. */
export interface GitOrder {
  readonly id: number;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly input: string | Uint8Array;
  readonly timeoutMs: number;
}

/** How it ended. */
export interface GitAnswer {
  readonly id: number;
  readonly code: number;
  readonly stdout: Uint8Array;
  readonly stderr: string;
  readonly problem: Problem | null;
}
