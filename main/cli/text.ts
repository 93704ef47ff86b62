// Control characters, and the ones that turn the direction of writing.
const CONTROL = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]+/gu;

/** Text from agents and repositories as one harmless line: no escape sequence survives, nothing turns direction. */
export function oneLine(text: string, width = Number.POSITIVE_INFINITY): string {
  const clean = text.replace(CONTROL, ' ').replace(/\s+/g, ' ').trim();
  const letters = [...clean];
  return letters.length > width ? `${letters.slice(0, Math.max(0, width - 1)).join('')}…` : clean;
}

/** As {@link oneLine}, but line breaks stay. */
export function harmless(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replaceAll('\t', '  ').replace(CONTROL, ''))
    .join('\n');
}

/** Seconds, minutes or hours, whichever reads best. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
