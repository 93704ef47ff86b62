import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';

/** A fault about what was typed. */
export function usageFault(what: string, why: string): Fault {
  return faultOf('usage', what, why, 'See `aios help` or `--help`.');
}

/** `parseArgs` with its complaints as a fault: unknown options, missing values, stray words. */
export function parseSafely<T>(parse: () => T): Result<T, Fault> {
  try {
    return ok(parse());
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return err(usageFault('The command was not understood.', why));
  }
}

/** A number of an option within bounds; undefined stays undefined. */
export function numberOf(
  name: string,
  text: string | undefined,
  bounds: { readonly least: number; readonly most: number; readonly whole?: boolean },
): Result<number | undefined, Fault> {
  if (text === undefined) return ok(undefined);
  const value = text.trim() === '' ? Number.NaN : Number(text);
  const fits = Number.isFinite(value) && value >= bounds.least && value <= bounds.most;
  if (fits && (bounds.whole !== true || Number.isInteger(value))) return ok(value);
  const kind = bounds.whole === true ? 'a whole number' : 'a number';
  return err(usageFault(`--${name} ${text} does not fit.`, `It takes ${kind} from ${bounds.least} to ${bounds.most}.`));
}
