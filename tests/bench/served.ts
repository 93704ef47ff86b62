import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'vite';
import { attach } from '#main/client/index.ts';
import type { Operations } from '#main/server/operations.ts';
import { value } from '../scenarios/kit.ts';

export const ROOT = join(import.meta.dirname, '../..');

/** As at any start but the first of a version: that one runs the sources and builds afterwards. */
export async function buildServer(): Promise<void> {
  await build({ configFile: join(ROOT, 'server.vite.config.ts'), logLevel: 'error' });
}

/** The link a started `aios` prints once somebody can come. */
export function linkOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (!child.stdout) return reject(new Error('nobody listens to it'));
    createInterface(child.stdout).on('line', (line) => line.includes('/login#') && resolve(line.trim()));
    child.once('exit', (code) => reject(new Error(`it ended with ${code}`)));
  });
}

/** Ends a started `aios` as Ctrl-C does. */
export async function interrupt(child: ChildProcess): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGINT');
  await ended;
}

/** `aios serve` on a data folder, in a process of its own as it is used, and its operations. */
export async function serveAios(
  home: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly operations: Operations; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [join(ROOT, 'bin/aios.mjs'), 'serve'], {
    env: { ...process.env, ...env, AIOS_HOME: home, HOME: home },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await linkOf(child);
  const client = value(await attach(home));
  const stop = async () => {
    client.close();
    await interrupt(child);
  };
  return { operations: client.operations, stop };
}
