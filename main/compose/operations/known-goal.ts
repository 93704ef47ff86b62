import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import type { Parts } from '../parts.ts';

/** A goal that was stated. Fails with `no-such-goal`. */
export function knownGoal({ goals }: Pick<Parts, 'goals'>, id: string): Result<Goal, Fault> {
  const goal = goals.state(id);
  if (goal?.status) return ok(goal);
  const what = `There is no goal ${id}.`;
  return err(faultOf('no-such-goal', what, 'It was never stated here.', 'Look at the list of goals.'));
}
