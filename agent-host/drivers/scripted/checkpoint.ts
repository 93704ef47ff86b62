import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { step } from './steps.ts';

const checkpoint = z.strictObject({
  session: z.string(),
  /** Prompts that were already taken: a resumed run may be told the same again. */
  prompts: z.array(z.string()),
  steps: z.array(step),
  /** Index of the next step. */
  next: z.number().int().nonnegative(),
});

/** Where a scripted session stands. */
export type Checkpoint = z.infer<typeof checkpoint>;

function file(home: string, session: string): string {
  return join(home, `scripted-${session}.json`);
}

/** Stores the checkpoint whole or not at all, also when the power goes. */
export function saveCheckpoint(home: string, value: Checkpoint): void {
  mkdirSync(home, { recursive: true });
  const target = file(home, value.session);
  const descriptor = openSync(`${target}.new`, 'w');
  writeSync(descriptor, JSON.stringify(value));
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(`${target}.new`, target);
}

/** The stored checkpoint, or null when there is none to resume from. */
export function loadCheckpoint(home: string, session: string): Checkpoint | null {
  try {
    return checkpoint.parse(JSON.parse(readFileSync(file(home, session), 'utf8')));
  } catch {
    return null;
  }
}
