import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import type { SpawnedProcess, SpawnOptions } from '@anthropic-ai/claude-agent-sdk';
import { contained, type SandboxSpec } from '../../sandbox/index.ts';

const STDERR_TAIL = 8 * 1024;

/** The Claude Code process of a run. */
export interface ClaudeProcess {
  /** What the SDK calls to start it. */
  readonly spawn: (options: SpawnOptions) => SpawnedProcess;
  pids(): number[];
  /** The last of what it wrote to stderr. */
  stderr(): string;
  kill(): void;
}

/** The executable the SDK brings for this platform, or undefined to let the SDK find its own. */
export function bundledExecutable(): string | undefined {
  const name = `@anthropic-ai/claude-agent-sdk-${process.platform}-${process.arch}`;
  const file = process.platform === 'win32' ? 'claude.exe' : 'claude';
  try {
    const path = createRequire(import.meta.url).resolve(`${name}/${file}`);
    // Inside the desktop's archive there is nothing to execute; its programs lie beside it.
    return path.replace(/([\\/]app\.asar)(?=[\\/])/, '$1.unpacked');
  } catch {
    return undefined;
  }
}

/** Starts Claude Code inside the run's sandbox, and remembers its process id and its last words. */
export function claudeProcess(sandbox: SandboxSpec): ClaudeProcess {
  const pids: number[] = [];
  let tail = '';
  let kill: () => void = () => undefined;
  return {
    spawn({ command, args, cwd, env, signal }) {
      const folder = cwd ?? sandbox.workspace;
      const outer = contained(sandbox, { command, args }, folder);
      const child = spawn(outer.command, [...outer.args], {
        cwd: folder,
        env,
        signal,
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      if (child.pid !== undefined) pids.push(child.pid);
      kill = () => child.kill('SIGKILL');
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        tail = (tail + text).slice(-STDERR_TAIL);
      });
      return child;
    },
    pids: () => [...pids],
    stderr: () => tail,
    kill: () => kill(),
  };
}
