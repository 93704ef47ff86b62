import { type Mutation, type Spoilage, spoilRoles } from '#main/rehearsal/index.ts';
import { type Played, play } from './play.ts';

/** A script some of whose roles go wrong for good, so that no retry makes the product right. */
export interface Spoiled {
  readonly script: string;
  readonly kind: Spoilage;
  readonly roles: readonly string[];
}

/** Every way in which one rule goes wrong. */
export const KINDS: readonly Mutation[] = ['wrong-code', 'dropped-turn', 'false-done', 'endless-talk'];
/** Every way in which a role goes wrong for good. */
export const SPOILAGES: readonly Spoilage[] = [...KINDS, 'sham-work'];
/** Everybody who works by the Lead's plan. */
export const WORKERS = ['backend', 'frontend', 'qa', 'devops'];
/** A spoiled rehearsal rests within this: its nudges, second attempts and caps are used up. */
export const LIMIT_SECONDS = 240;

/** Plays it, with caps that are met soon. */
export function playSpoiled({ script, kind, roles }: Spoiled): Promise<Played> {
  const alter = (played: Parameters<typeof spoilRoles>[0]) => spoilRoles(played, kind, roles);
  return play(
    { script, seed: '1', latency: { min: 0, max: 30 }, turns: 15, minutes: 1, runCapUsd: 0.5, alter },
    LIMIT_SECONDS,
  );
}

/** What is not as promised of a script that cannot come right; empty where all is. */
export function complaintsOn({ ending, status, accepted, untouched, leftBehind: left }: Played): string[] {
  return [
    ...(ending.state === 'waits for the CEO' || ending.state === 'stuck' ? [] : [`it ends ${ending.state}`]),
    ...(accepted || status === 'ready' || status === 'accepted' ? [`a false done: ${status}`] : []),
    ...(ending.causes.length > 0 && ending.causes.every((cause) => cause.trim() !== '') ? [] : ['no cause']),
    ...(ending.owner === null ? ['no owner'] : []),
    ...(untouched ? [] : ["the CEO's branch has changed"]),
    ...(left.length > 0 ? [`processes left behind: ${left.join(', ')}`] : []),
  ];
}
