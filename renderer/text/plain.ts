/** Escape sequences of terminals: CSI, OSC and the short ones. ECMA-48. Built from parts: ESC and BEL are unseen themselves. */
const ESC = String.fromCharCode(27);
const BEL = String.fromCharCode(7);
const ANSI = new RegExp(`${ESC}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${BEL}${ESC}]*(?:${BEL}|${ESC}\\\\)|[@-Z\\\\-_])`, 'g');

/** Characters that nobody sees but that change what is read: controls, zero-width, bidirectional marks, tags. */
const UNSEEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Longest text a place shows unless it says otherwise, characters. */
const LONGEST = 20_000;

/**
 * A text from outside as it may be shown: capped first, terminal sequences removed, unseen characters made visible by
 * their number. What it returns is still only ever put into text nodes.
 */
export function plain(text: string, most: number = LONGEST): string {
  const capped = text.length > most ? `${text.slice(0, most)}…` : text;
  const seen = capped.replace(/\r\n/g, '\n').replace(ANSI, '');
  return seen.replace(
    UNSEEN,
    (found) => `‹U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`,
  );
}

/** One line of a text, for titles and lists. */
export function plainLine(text: string, most = 300): string {
  return plain(
    text
      .slice(0, most * 2)
      .replace(/\s+/g, ' ')
      .trim(),
    most,
  );
}
