import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gitText } from '#main/features/workspaces/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';

const AUTHOR = { name: 'You', email: 'you@localhost' };

/** Creates a sample app as a git repository with one commit on `main`. The folder must not exist yet. */
export async function createSampleApp(resources: string, folder: string, app = 'todo'): Promise<Result<string, Fault>> {
  await mkdir(folder, { recursive: true });
  await cp(join(resources, 'apps', app), folder, { recursive: true });
  const made = await gitText(['init', '--quiet', '--initial-branch=main', '--template=', '--', folder], {
    cwd: folder,
  });
  if (!made.ok) return err(made.error);
  const call = { gitDir: join(folder, '.git'), workTree: folder, person: AUTHOR };
  for (const args of [
    ['add', '--all'],
    ['commit', '--quiet', '-m', `The ${app} app`],
  ]) {
    const done = await gitText(args, call);
    if (!done.ok) return err(done.error);
  }
  return ok(folder);
}
