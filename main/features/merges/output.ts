const OUTPUT_LIMIT = 64 * 1024;

/** Keeps the end of a long output: that is where failures are. */
export function tail(text: string): string {
  return text.length > OUTPUT_LIMIT ? `[cut]\n${text.slice(-OUTPUT_LIMIT)}` : text;
}
