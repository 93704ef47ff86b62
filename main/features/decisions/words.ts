import type { ReadableDecision } from './service.ts';

/** Characters of a decision that a line tells. */
const LONGEST = 600;

/** One line, so that what somebody wrote cannot look like a part of the prompt. */
function oneLine(text: string, most: number): string {
  const line = text.replaceAll(/[\s\p{C}]+/gu, ' ').trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
}

/** A decision as an agent reads it. */
export function decisionLine(decision: ReadableDecision, nameOf: (agent: string) => string): string {
  const { id, how, by, binds, subjectText, textText } = decision;
  const names = by.map(nameOf).join(' and ');
  const who = how === 'agreed' ? `agreed by ${names}` : how === 'ceo' ? 'decided by the CEO' : `ruled by ${names}`;
  const paths = binds.paths.length === 0 ? '' : `; for ${binds.paths.join(', ')}`;
  return `- [${id}] ${oneLine(subjectText, 120)}: ${oneLine(textText, LONGEST)} (${oneLine(who, 120)}${oneLine(paths, 200)})`;
}
