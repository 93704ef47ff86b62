/** Tokens a packet may have where nobody says otherwise. */
export const PACKET_TOKENS = 6_000;

const CHARACTERS_PER_TOKEN = 4;
const CUT = '[…]';

/** Quarters of a token a character counts: four plain characters are one token, any other may be one by itself. */
function weigh(character: string): number {
  return character.charCodeAt(0) < 128 ? 1 : CHARACTERS_PER_TOKEN;
}

/** How many tokens a text has at most, roughly: four plain characters are one, any other character is one. */
export function tokensOf(text: string): number {
  let quarters = 0;
  for (const character of text) quarters += weigh(character);
  return Math.ceil(quarters / CHARACTERS_PER_TOKEN);
}

function taken(characters: Iterable<string>, quarters: number): string[] {
  const kept: string[] = [];
  let left = quarters;
  for (const character of characters) {
    left -= weigh(character);
    if (left < 0) break;
    kept.push(character);
  }
  return kept;
}

/**
 * A text within so many tokens: whole, or its beginning or end with a mark where it was cut. Empty when not even the mark
 * fits. The same text and tokens give the same result.
 */
export function fitted(text: string, tokens: number, keep: 'head' | 'tail'): string {
  if (tokensOf(text) <= tokens) return text;
  const room = (tokens - tokensOf(CUT) - 1) * CHARACTERS_PER_TOKEN;
  if (room <= 0) return '';
  if (keep === 'head') return `${taken(text, room).join('').trimEnd()} ${CUT}`;
  return `${CUT} ${taken([...text].reverse(), room)
    .reverse()
    .join('')
    .trimStart()}`;
}
