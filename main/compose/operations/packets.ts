import { tokensOf } from '#main/features/handoff/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import type { Handoff } from '#protocol/model/goal/trail.ts';
import type { Parts } from '../parts.ts';

/** A handoff with the words of its packet. */
type Packet = Pick<Handoff, 'from' | 'to' | 'cause' | 'at'> & { readonly tokens: number; readonly text: string };

/** What each successor of an attempt started from, oldest first. Fails with `no-such-attempt`. */
export async function packetsOf(
  { engine }: Pick<Parts, 'engine'>,
  goal: Goal,
  id: string,
): Promise<Result<Packet[], Fault>> {
  const attempt = goal.attempts[id];
  if (!attempt) {
    const why = 'It is not part of this goal.';
    return err(faultOf('no-such-attempt', `There is no attempt ${id}.`, why, 'Look at the task for its attempts.'));
  }
  const { handoffs } = attempt.trail;
  const texts = await engine.payloads(handoffs.flatMap(({ packet }) => (packet ? [packet.id] : [])));
  return ok(
    handoffs.map(({ from, to, cause, at, packet }) => {
      const text = texts.get(packet?.id ?? '') ?? '';
      return { from, to, cause, at, text, tokens: tokensOf(text) };
    }),
  );
}
