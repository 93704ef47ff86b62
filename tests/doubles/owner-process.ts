import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Assignment } from '#protocol/agent/assignment.ts';

/** An orchestrator reduced to owning one host, in a process that a test can kill. */
export interface Owner {
  /** Resolves when the host reported an event of this type. */
  said(type: string): Promise<void>;
  kill(): void;
}

/** Starts the owner, which launches the host and gives it the assignment. */
export function startOwner(assignment: Assignment, dataFolder: string): Promise<Owner> {
  const entry = fileURLToPath(new URL('./owner-main.ts', import.meta.url));
  const child = spawn(process.execPath, [entry], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify({ assignment, dataFolder }));
  let output = '';
  const waiting = new Set<() => void>();
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
    for (const look of waiting) look();
  });
  return Promise.resolve({
    said(type) {
      return new Promise((resolve) => {
        const look = () => output.includes(`<${type}>`) && resolve();
        waiting.add(look);
        look();
      });
    },
    kill: () => child.kill('SIGKILL'),
  });
}
