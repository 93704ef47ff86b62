// Rehearsals with many seeds: the crew with other delays, and scripts one rule of which goes wrong. `SEEDS=20` and
// `ONLY="crew plain"` say how many and narrow it. With the argument `spoiled`: roles that go wrong for good.
import { type Mutation, mutateScript } from '#main/rehearsal/index.ts';
import { type Played, play } from './play.ts';
import { KINDS } from './spoiled.ts';

/** The crew rehearsal's own promise is 120 s; mutated ones take their nudges and second attempts. */
const LIMIT_SECONDS = 240;
const SEEDS = Number(process.env['SEEDS'] ?? 3);
const ONLY = process.env['ONLY'] ?? '';

const playSeed = (script: string, seed: string, mutation: Mutation | null) =>
  play(
    {
      script,
      seed,
      latency: { min: 0, max: mutation === null ? 400 : 30 },
      ...(mutation === null ? {} : { turns: 30, minutes: 2, alter: (played) => mutateScript(played, mutation, seed) }),
    },
    LIMIT_SECONDS,
  );

/** One wrong rule may be put right by retries and colleagues, and then the product is right; a false end never may be. */
function asPromised({ ending, accepted, acceptance, untouched, leftBehind }: Played, mutation: Mutation | null) {
  if (leftBehind.length > 0) return false;
  if (accepted) return acceptance === 'passes';
  return mutation !== null && untouched && ending.causes.length > 0 && ending.owner !== null;
}

const seeds = Array.from({ length: SEEDS }, (_, index) => String(index + 1));
const plan: ReadonlyArray<readonly [string, string, Mutation | null]> = [
  ...seeds.map((seed) => ['crew', seed, null] as const),
  ...KINDS.flatMap((mutation) => seeds.map((seed) => ['solo', seed, mutation] as const)),
  ...KINDS.map((mutation) => ['crew', '1', mutation] as const),
].filter(([script, , mutation]) => ONLY === '' || `${script} ${mutation ?? 'plain'}`.includes(ONLY));

/** Plays them all and says of each how it ended; the process ends with 1 where one is not as promised. */
async function playSeeds(): Promise<void> {
  const times: number[] = [];
  let bad = 0;
  for (const [script, seed, mutation] of plan) {
    const played = await playSeed(script, seed, mutation);
    const good = asPromised(played, mutation);
    if (!good) bad += 1;
    times.push(played.seconds);
    const { ending } = played;
    const cells = [
      script.padEnd(5),
      seed.padStart(4),
      (mutation ?? '-').padEnd(13),
      played.status.padEnd(9),
      `acceptance ${played.acceptance}`.padEnd(17),
      `${played.seconds.toFixed(1)} s`.padStart(8),
    ];
    const why = good ? ending.causes.join(', ').slice(0, 110) : played.sketch;
    console.log(`${good ? '  ok ' : ' BAD '} ${cells.join('  ')}  ${ending.state}${why === '' ? '' : `: ${why}`}`);
  }
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) => (sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(1);
  console.log(`${plan.length} rehearsals, ${plan.length - bad} as promised, ${bad} not.`);
  console.log(`${at(0)} s least, ${at(0.5)} s median, ${at(1)} s most.`);
  process.exitCode = bad === 0 ? 0 : 1;
}

if (process.argv[2] === 'spoiled') await import('./matrix.ts');
else await playSeeds();
