import { z } from 'zod';
import { err, ok } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { globsOverlap } from '#protocol/model/glob.ts';
import type { FileLease } from '#protocol/model/goal/collision.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { type ToolCall, tool } from './context.ts';

const DEFAULT_MINUTES = 15;
const LONGEST_MINUTES = 60;
/** How often somebody else's lease may come between looking and taking. */
const MOST_TRIES = 5;

const input = z.strictObject({
  paths: z
    .array(z.string().trim().min(1).max(200))
    .max(50)
    .default([])
    .describe('Paths or globs, such as "src/api/**"'),
  minutes: z.number().int().min(1).max(LONGEST_MINUTES).default(DEFAULT_MINUTES),
  release: z.boolean().default(false).describe('Give back all you hold instead'),
});

const normal = (path: string) => path.replace(/^\.\//, '').replace(/\/+$/, '');
const timeOf = (at: number) => `${new Date(at).toISOString().slice(11, 16)} UTC`;

function takenBy(goal: Goal, lease: FileLease, glob: string): Fault {
  const agent = goal.agents[goal.attempts[lease.holder]?.agent ?? ''];
  const name = agent?.name ?? lease.holder;
  return faultOf(
    'leased',
    `${glob} belongs to ${name} until ${timeOf(lease.until)}.`,
    `${name} took it with claim_files.`,
    `Ask ${name} with send_message or ask, work on other files, or claim it again after ${timeOf(lease.until)}.`,
  );
}

async function take({ caller, world }: ToolCall, paths: readonly string[], minutes: number) {
  const goal = world.goals.state(caller.goal);
  if (!goal) return err(faultOf('no-goal', 'The goal is gone.', 'It is not in the store.', 'End your turn.'));
  const leases = Object.values(goal.leases);
  const texts = await world.texts(leases.map((lease) => lease.paths.id));
  const globsOf = (lease: FileLease) => (texts.get(lease.paths.id) ?? '').split('\n');
  const others = leases.filter((lease) => lease.holder !== caller.attempt && lease.until > world.now());
  for (const lease of others) {
    const glob = paths.find((path) => globsOf(lease).some((theirs) => globsOverlap(theirs, path)));
    if (glob !== undefined) return err(takenBy(goal, lease, glob));
  }
  const wanted = paths.join('\n');
  const own = leases.find((lease) => lease.holder === caller.attempt && globsOf(lease).join('\n') === wanted);
  return world.goals.execute(caller.goal, {
    type: 'take-lease',
    run: caller.run,
    paths: wanted,
    minutes,
    renews: own?.id ?? null,
    compared: others.map((lease) => lease.id),
  });
}

/** Takes files for a while, so that nobody else changes them. */
export const claimFiles = tool({
  name: 'claim_files',
  description: `Keep files to yourself for some minutes (${DEFAULT_MINUTES} unless you say, at most ${LONGEST_MINUTES}); call again to keep them longer. They are free again when your task ends.`,
  input,
  async run({ paths, minutes, release }, call) {
    const { caller, world } = call;
    if (release) {
      const released = await world.goals.execute(caller.goal, { type: 'release-leases', run: caller.run });
      return released.ok ? ok('Released. Others can take these files now.') : released;
    }
    const globs = [...new Set(paths.map(normal))].sort();
    if (globs.length === 0)
      return err(faultOf('no-paths', 'No path is named.', 'A claim is for files.', 'Name paths or globs.'));
    for (let tries = 1; ; tries += 1) {
      const taken = await take(call, globs, minutes);
      if (taken.ok)
        return ok(`Yours for ${minutes} minutes: ${globs.join(', ')}. Call claim_files again to keep them longer.`);
      if (taken.error.tag !== 'lease-changed' || tries === MOST_TRIES) return taken;
    }
  },
});
