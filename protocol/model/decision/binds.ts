import type { Decision, Decisions } from './state.ts';

/** Whoever a decision may bind: an agent, its role, and the globs it may write to. */
export interface Bound {
  readonly agent: string;
  readonly role: string;
  readonly writable: readonly string[];
}

/** The part of a glob before its first wildcard. */
function fixedPart(glob: string): string {
  const plain = glob.replace(/^\.\//, '');
  const wild = plain.search(/[*?]/);
  return wild < 0 ? plain : plain.slice(0, wild);
}

/** Whether two globs may name the same file. Says yes where it cannot tell: a decision is rather shown once too often. */
export function mayOverlap(one: string, other: string): boolean {
  const [a, b] = [fixedPart(one), fixedPart(other)];
  return a.startsWith(b) || b.startsWith(a);
}

/** Whether a decision that holds binds somebody. */
export function bindsOn({ binds, over }: Decision, { agent, role, writable }: Bound): boolean {
  if (over) return false;
  if (binds.agents.includes(agent) || binds.roles.includes(role) || binds.roles.includes('everyone')) return true;
  return binds.paths.some((path) => writable.some((glob) => mayOverlap(path, glob)));
}

/** The decisions that bind somebody now, the newest first. */
export function bindingOn(all: Decisions | undefined, who: Bound): Decision[] {
  return Object.values(all?.decisions ?? {})
    .filter((decision) => bindsOn(decision, who))
    .sort((one, other) => other.at - one.at);
}
