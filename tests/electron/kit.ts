import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { resetElectron, stage } from './stand-in.ts';

const folders: string[] = [];

/** An empty folder, gone after the test. */
export async function folder(): Promise<string> {
  const made = await realpath(await mkdtemp(join(tmpdir(), 'aios-electron-')));
  folders.push(made);
  return made;
}

/** Gives each test of a file an Electron of its own. */
export function freshElectron(): void {
  beforeEach(() => resetElectron());
  afterEach(async () => {
    await Promise.all(folders.splice(0).map((each) => rm(each, { recursive: true, force: true })));
  });
}

/** Who calls: by default the outermost frame of a page of ours. */
export function sender(id: number, frame: object | null = {}) {
  const senderFrame = frame && { parent: null, url: 'app://aios/#/graph', postMessage: () => undefined, ...frame };
  return { sender: { id }, senderFrame };
}

/** Calls a method of the registry as the page would; a refusal rejects. */
export async function invoke(method: string, event: unknown, ...args: unknown[]): Promise<unknown> {
  const handler = stage.handlers.get(method);
  if (!handler) throw new Error(`nobody handles ${method}`);
  return handler(event, ...args);
}
