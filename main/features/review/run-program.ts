import { spawn } from 'node:child_process';

/** How a program of the user ended. */
export interface Ended {
  /** Null when it could not start, or was ended by a signal or after its time. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program with its arguments, without a shell. */
export interface Program {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

const KEPT = 64 * 1024;

/** Runs a program of the user's to its end; its last output is kept. Never rejects. */
export function runProgram({ program, args, cwd, env, timeoutMs }: Program): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'], windowsHide: true };
    const child = spawn(program, args, options);
    const text = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (chunk: string) => {
        text[name] = `${text[name]}${chunk}`.slice(-KEPT);
      });
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    const settle = (code: number | null) => {
      clearTimeout(timer);
      resolve({ code, ...text });
    };
    child.on('error', (error) => {
      text.stderr += error.message;
      settle(null);
    });
    child.on('close', settle);
  });
}
