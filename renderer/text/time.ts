const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time in its largest fitting unit: `12 s`, `4 min`, `3 h`, `2 d`. */
export function span(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.floor(ms / SECOND))} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / DAY)} d`;
}

/** Made when a time is first told: the first one of a page takes some thirty milliseconds, which its start would wait for. */
function format(options: Intl.DateTimeFormatOptions): (at: number) => string {
  let made: Intl.DateTimeFormat | undefined;
  return (at) => {
    made ??= new Intl.DateTimeFormat(undefined, options);
    return made.format(at);
  };
}

/** The time of day, seconds included. */
export const clockTime = format({ hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** Date and time in full, for tooltips. */
export const fullTime = format({ dateStyle: 'medium', timeStyle: 'medium' });
