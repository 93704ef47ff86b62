import { mayOverlap } from '#protocol/model/decision/binds.ts';
import { globMatches } from '#protocol/model/glob.ts';
import { crewOf } from '#protocol/model/goal/ready.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import type { CrewFile } from './schema.ts';

/** What is not agreed on. */
export interface Dispute {
  readonly subject: string;
  readonly paths: readonly string[];
  /** Agents that take part, and so cannot rule. */
  readonly parties: readonly string[];
}

const folded = (text: string) => text.normalize('NFC').toLowerCase();
const wordsOf = (text: string) =>
  folded(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');

/** Whether words stand in a text next to each other. */
function saysWords(text: readonly string[], words: readonly string[]): boolean {
  if (words.length === 0) return false;
  return text.some((_, at) => words.every((word, index) => text[at + index] === word));
}

function ownsIt(owned: string, { subject, paths }: Dispute): boolean {
  const isGlob = /[/*?]/.test(owned);
  if (isGlob) return paths.some((path) => globMatches(owned, path) || mayOverlap(owned, path));
  return saysWords(wordsOf(subject), wordsOf(owned));
}

/**
 * Agents that may rule, in the order in which they are called: one of each role that owns the subject, in the order of
 * the crew file, then the Lead. Parties and whoever has left are never among them; after them comes the CEO.
 */
export function arbitersFor(goal: Goal, crew: CrewFile, dispute: Dispute): string[] {
  const able = crewOf(goal).filter((agent) => !dispute.parties.includes(agent.id));
  const owners = Object.entries(crew.roles)
    .filter(([, role]) => role.owns.some((owned) => ownsIt(owned, dispute)))
    .flatMap(([role]) => able.find((agent) => agent.role === role)?.id ?? []);
  return [...new Set([...owners, ...able.filter((agent) => agent.lead).map((agent) => agent.id)])];
}
