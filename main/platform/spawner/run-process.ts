import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';

/** Why a program did not end by itself. */
export type Problem = 'missing' | 'timeout' | 'spawn';

/** A program to start: arguments as an array, no shell, and nothing but the given environment. */
export interface ProcessStart {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** A program to run to its end. */
export interface ProcessOrder extends ProcessStart {
  readonly input: string | Uint8Array;
}

/** How it ended; `code` is -1 when it has none. */
export interface ProcessEnd {
  readonly code: number;
  readonly stdout: Uint8Array;
  /** The beginning, at most 64 Ki characters and a chunk. */
  readonly stderr: string;
  readonly problem: Problem | null;
}

/** A program that runs, with its streams. */
export interface RunningProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly ended: Promise<Omit<ProcessEnd, 'stdout'>>;
  kill(): void;
}

const STDERR_LIMIT = 64 * 1024;

/** Starts a program in this process. */
export function startProcess({ command, args, cwd, env, timeoutMs }: ProcessStart): RunningProcess {
  const child = spawn(command, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
  let problem: Problem | null = null;
  let stderr = '';
  const timer = setTimeout(() => {
    problem = 'timeout';
    child.kill('SIGKILL');
  }, timeoutMs);
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (stderr.length < STDERR_LIMIT) stderr += text;
  });
  // A program that ends before it read its input closes the pipe; its exit code says why.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<Omit<ProcessEnd, 'stdout'>>((resolve) => {
    const settle = (code: number) => {
      clearTimeout(timer);
      resolve({ code, stderr, problem });
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      // A missing working directory is reported like a missing program.
      problem = error.code === 'ENOENT' && existsSync(cwd) ? 'missing' : 'spawn';
      settle(-1);
    });
    child.on('close', (code) => settle(code ?? -1));
  });
  return { stdin: child.stdin, stdout: child.stdout, ended, kill: () => child.kill('SIGKILL') };
}

/** Runs a program to its end in this process and keeps what it says. */
export async function runProcess(order: ProcessOrder): Promise<ProcessEnd> {
  const running = startProcess(order);
  const chunks: Buffer[] = [];
  running.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  running.stdin.end(order.input);
  const ended = await running.ended;
  return { ...ended, stdout: Buffer.concat(chunks) };
}
