import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Said } from './orchestrator.ts';

const ENTRY = join(import.meta.dirname, 'orchestrator.ts');

/** One life of the orchestrator's process. */
export interface Child {
  readonly pid: number;
  readonly said: readonly Said[];
  /** Resolves with the first thing said that satisfies, or undefined when the process ends before. */
  heard(wanted: (said: Said) => boolean): Promise<Said | undefined>;
  kill(): void;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null; readonly stderr: string }>;
}

/** Starts the orchestrator; with a failpoint it ends itself there. */
export function startChild(setupFile: string, failpoint?: string): Child {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ENTRY, setupFile], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, AIOS_DEBUG: '1', ...(failpoint === undefined ? {} : { AIOS_FAILPOINT: failpoint }) },
  });
  const said: Said[] = [];
  const listeners = new Set<(line: Said | undefined) => void>();
  const tell = (line: Said | undefined) => {
    for (const listener of listeners) listener(line);
  };
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as Said;
    said.push(line);
    tell(line);
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-8_000);
  });
  const exited = once(child, 'close').then(() => {
    tell(undefined);
    return { code: child.exitCode, signal: child.signalCode, stderr };
  });
  return {
    pid: child.pid ?? 0,
    said,
    heard(wanted) {
      const earlier = said.find(wanted);
      if (earlier || child.exitCode !== null || child.signalCode !== null) return Promise.resolve(earlier);
      return new Promise((resolve) => {
        const listener = (line: Said | undefined) => {
          if (line && !wanted(line)) return;
          listeners.delete(listener);
          resolve(line);
        };
        listeners.add(listener);
      });
    },
    kill: () => void child.kill('SIGKILL'),
    exited,
  };
}
