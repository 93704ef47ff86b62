import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import type { GitAnswer, GitOrder, Problem } from './git-messages.ts';

const STDERR_LIMIT = 64 * 1024;

/** A git that runs, with its streams. */
export interface GitProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly ended: Promise<{ code: number; stderr: string; problem: Problem | null }>;
  kill(): void;
}

/** Starts git with arguments as an array, no shell, and nothing but the given environment. */
export function startProcess({ args, cwd, env, timeoutMs }: Omit<GitOrder, 'id' | 'input'>): GitProcess {
  const child = spawn('git', ['--no-pager', ...args], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
  let problem: Problem | null = null;
  let stderr = '';
  const timer = setTimeout(() => {
    problem = 'timeout';
    child.kill('SIGKILL');
  }, timeoutMs);
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (stderr.length < STDERR_LIMIT) stderr += text;
  });
  // A git that ends before it read its input closes the pipe; its exit code says why.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<{ code: number; stderr: string; problem: Problem | null }>((resolve) => {
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

/** Runs git to its end and keeps what it says. */
export async function runProcess(order: Omit<GitOrder, 'id'>): Promise<Omit<GitAnswer, 'id'>> {
  const running = startProcess(order);
  const chunks: Buffer[] = [];
  running.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  running.stdin.end(order.input);
  const ended = await running.ended;
  return { ...ended, stdout: Buffer.concat(chunks) };
}
