import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { seededRandom } from '#main/rehearsal/prng.ts';
import { endingOf } from '../rehearsals/play.ts';
import { git, openWorld, present, RESOURCES, state, value, type World, waitFor } from './kit.ts';
import { monkey } from './monkey.ts';

const run = promisify(execFile);
const APP = join(RESOURCES, 'apps', 'links');
const GOAL = 'Build a small service with a web page where a team keeps its links, with tags and search';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

async function filesOf(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((each) => each.isFile());
  const files = names.map(async (each) => {
    const path = join(each.parentPath, each.name);
    return [path.slice(folder.length + 1), await readFile(path, 'utf8')] as const;
  });
  return Object.fromEntries(await Promise.all(files));
}

test.each([['1'], ['2']])(
  'a model that was never seen (seed %s) ends the same goal finished, or stopped with a cause and an owner',
  async (seed) => {
    world = await openWorld('strange', {
      files: await filesOf(APP),
      verify: 'npm test',
      model: monkey(seededRandom(seed)),
      overrides: { gatewayLimits: { tries: 2, retryMs: 200 } },
    });
    const { operations, repo } = world;
    const acceptance = `'${process.execPath}' '${join(RESOURCES, 'rehearsals', 'service.acceptance.mjs')}'`;
    value(
      await operations.projects.setCommands({ path: repo, setup: null, verify: 'npm test', acceptance }, undefined),
    );
    const found = value(await operations.projects.inspect({ path: repo }, undefined));
    value(await operations.projects.trust({ path: repo, digest: found.trust.digest }, undefined));
    const before = await git(repo, 'rev-parse', 'main');
    const goal = await state(world, { text: GOAL, agent: undefined, turns: 12, minutes: 1 });
    const ended = await waitFor(operations, goal, (now) => (endingOf(now) === null ? null : now), 240_000);
    const ending = present(endingOf(ended));
    console.info(
      `strange model ${seed}: ${ending.state} (${ending.owner}): ${ending.causes.join(', ')}; ${Object.keys(ended.tasks).length} tasks`,
    );

    const accept = await operations.goals.accept({ goal }, undefined);
    const accepted = accept.ok && accept.value.result === 'accepted';
    const met = await run('sh', ['-c', acceptance], { cwd: repo }).then(
      () => true,
      () => false,
    );
    // Never a false "done": accepted is only what the program outside everybody's reach says is met.
    expect(accepted).toBe(met);
    if (accepted) return;
    expect(await git(repo, 'rev-parse', 'main')).toBe(before);
    expect(['waits for the CEO', 'stuck']).toContain(ending.state);
    expect(ending.causes.length).toBeGreaterThan(0);
    expect(ending.owner).toBe('ceo');
  },
  300_000,
);
