/** Writing a date costs more than looking whether it is still the same one. */
function remembered(unitMs: number, write: (date: Date) => string): (now: number) => string {
  let unit = Number.NaN;
  let text = '';
  return (now) => {
    const current = Math.floor(now / unitMs);
    if (current !== unit) {
      unit = current;
      text = write(new Date(current * unitMs));
    }
    return text;
  };
}

/** The day of a moment (epoch milliseconds) in UTC, `YYYY-MM-DD`. */
export const dayOf = remembered(86_400_000, (date) => date.toISOString().slice(0, 10));

/** A moment (epoch milliseconds) as HTTP writes it, to the second. */
export const httpDateOf = remembered(1000, (date) => date.toUTCString());
