const OUTPUT_LIMIT = 64 * 1024;

/** Caps a text for the channel at 64 KiB (UTF-16 units), with a marker that says how much is missing. */
export function capped(text: string, limit = OUTPUT_LIMIT): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit).toWellFormed()}\n[… ${text.length - limit} more characters]`;
}

/** One line for a list, at most 200 characters; never used for what somebody must decide on. */
export function oneLine(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  return flat.length > 200 ? `${flat.slice(0, 199).toWellFormed()}…` : flat;
}
