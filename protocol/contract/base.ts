import { oc } from '@orpc/contract';
import { z } from 'zod';
import { fault } from '../model/fault-shape.ts';

/** Every expected failure crosses the wire as one fault; the client words nothing. */
export const base = oc.errors({ REFUSED: { status: 409, data: fault } });

/** The id a caller gives its command: sent again, it is executed once. */
export const commandId = z.string().min(8).max(100).optional();

/** What a command answers: the sequence from which its effect is visible. */
export const done = z.object({ sequence: z.number() });
