import { z } from 'zod';
import { parseGuarded } from './json-guard.ts';

/** A procedure call or its cancellation, as oRPC frames them; streams from the client are not part of our contract. */
const frame = z.union([
  z.strictObject({ i: z.string().min(1).max(40), t: z.literal(4), p: z.unknown().optional() }),
  z.strictObject({
    i: z.string().min(1).max(40),
    t: z.literal(1).optional(),
    p: z.strictObject({
      u: z.string().regex(/^\/[a-zA-Z0-9/_-]{1,200}$/),
      b: z.unknown().optional(),
      h: z.record(z.string().max(100), z.unknown()).optional(),
      m: z.string().max(10).optional(),
    }),
  }),
]);

const identified = z.object({ i: z.string().min(1).max(40) });

/** A frame to hand on, or the answer to a bad one. */
export type CheckedFrame =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly answer: string };

/** Answers in the protocol's own shape, so that a client waiting for this id hears of it. */
function badRequest(value: unknown, why: string): CheckedFrame {
  const known = identified.safeParse(value);
  const body = { json: { defined: false, code: 'BAD_REQUEST', status: 400, message: why } };
  return { ok: false, answer: JSON.stringify({ i: known.success ? known.data.i : '0', p: { s: 400, b: body } }) };
}

/** Checks one text frame before the RPC library sees it: shape, depth, forbidden keys. Headers are dropped. */
export function checkFrame(text: string): CheckedFrame {
  const parsed = parseGuarded(text);
  if (!parsed.ok) return badRequest(null, parsed.error.why);
  const checked = frame.safeParse(parsed.value);
  if (!checked.success) return badRequest(parsed.value, 'not a request of this protocol');
  if (checked.data.t === 4) return { ok: true, text: JSON.stringify({ i: checked.data.i, t: 4 }) };
  const { u, b } = checked.data.p;
  return { ok: true, text: JSON.stringify({ i: checked.data.i, p: { u, b } }) };
}
