/** Characters that make a line more than one simple command, or let the shell rewrite a word. */
const SHELL_ACTIVE = new Set([
  ';',
  '&',
  '|',
  '`',
  '$',
  '(',
  ')',
  '<',
  '>',
  '\n',
  '\r',
  '\\',
  '*',
  '?',
  '[',
  ']',
  '{',
  '}',
  '~',
  '#',
  '!',
  '\0',
]);
/** Inside double quotes only these still act. */
const ACTIVE_IN_DOUBLE_QUOTES = new Set(['`', '$', '\\', '!', '\n', '\r', '\0']);
const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*\+?=/;

interface Scan {
  readonly words: string[];
  word: string | undefined;
  quote: '"' | "'" | undefined;
}

function scanQuoted(scan: Scan, quote: '"' | "'", character: string): boolean {
  if (character === quote) scan.quote = undefined;
  else if (quote === '"' && ACTIVE_IN_DOUBLE_QUOTES.has(character)) return false;
  else if (character === '\n' || character === '\0') return false;
  else scan.word = (scan.word ?? '') + character;
  return true;
}

function scanPlain(scan: Scan, character: string): boolean {
  if (SHELL_ACTIVE.has(character)) return false;
  if (character === '"' || character === "'") {
    scan.quote = character;
    scan.word ??= '';
  } else if (character === ' ' || character === '\t') {
    if (scan.word !== undefined) scan.words.push(scan.word);
    scan.word = undefined;
  } else scan.word = (scan.word ?? '') + character;
  return true;
}

/**
 * The argv of a line that is exactly one simple command, or null when it is anything else: lists, pipes, redirections,
 * expansions, globs, escapes, leading assignments. Conservative on purpose: null means a person is asked.
 */
export function simpleCommand(line: string): string[] | null {
  const scan: Scan = { words: [], word: undefined, quote: undefined };
  for (const character of line) {
    const understood = scan.quote ? scanQuoted(scan, scan.quote, character) : scanPlain(scan, character);
    if (!understood) return null;
  }
  if (scan.quote) return null;
  if (scan.word !== undefined) scan.words.push(scan.word);
  const first = scan.words[0];
  return first === undefined || first === '' || ASSIGNMENT.test(first) ? null : scan.words;
}

/**
 * Whether a declared command lets a line run: the line's words start with the declared ones, or, where either is more
 * than one simple command, both are the same to the letter.
 */
export function commandMatches(line: string, declared: string): boolean {
  const argv = simpleCommand(line);
  const prefix = simpleCommand(declared);
  if (!argv || !prefix) return line.trim() !== '' && line.trim() === declared.trim();
  return prefix.every((word, index) => argv[index] === word);
}
