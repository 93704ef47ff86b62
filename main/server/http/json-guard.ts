import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';

/** Deepest nesting any caller may send; nothing in the contract comes near it. */
export const JSON_DEPTH_LIMIT = 64;

/** Keys that reach for the prototype of what they are copied into. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'prototype', 'constructor']);

/** Depth by scanning, before any parser recurses: brackets inside strings do not count. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === 92) index += 1;
      else if (code === 34) inString = false;
    } else if (code === 34) inString = true;
    else if (code === 91 || code === 123) {
      depth += 1;
      if (depth > deepest) deepest = depth;
      if (deepest > JSON_DEPTH_LIMIT) return deepest;
    } else if (code === 93 || code === 125) depth -= 1;
  }
  return deepest;
}

function hasForbiddenKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasForbiddenKey);
  return Object.entries(value).some(([key, inner]) => FORBIDDEN_KEYS.has(key) || hasForbiddenKey(inner));
}

function refusal(why: string): Result<never, Fault> {
  return err(faultOf('bad-json', 'The request was not understood.', why, 'Send plain JSON that fits the contract.'));
}

/** Parses JSON from outside. Fails with `bad-json` when it is malformed, too deep, or names a prototype. */
export function parseGuarded(text: string): Result<unknown, Fault> {
  if (depthOf(text) > JSON_DEPTH_LIMIT) return refusal(`It is nested deeper than ${JSON_DEPTH_LIMIT} levels.`);
  try {
    const value: unknown = JSON.parse(text);
    return hasForbiddenKey(value) ? refusal('It names a key that reaches for a prototype.') : ok(value);
  } catch {
    return refusal('It is not JSON.');
  }
}
