import type { Area } from '#main/engine/area.ts';
import { type GoalEvent, goalEvent } from '#protocol/model/goal/event.ts';
import { evolveGoal } from '#protocol/model/goal/evolve.ts';
import { emptyGoal, type Goal } from '#protocol/model/goal/state.ts';
import type { GoalCommand } from './command.ts';
import { decideGoal } from './decide.ts';
import { goalOrder } from './orders.ts';

export { areasOf } from './areas.ts';
export type {
  Deferral,
  GoalCommand,
  MergeEnd,
  NewAgent,
  ProposedGate,
  ProposedSpec,
  ProposedTask,
  RunUsage,
  Sighting,
  StateGoal,
} from './command.ts';
export {
  type AssignmentWaits,
  isUnderWay,
  refusalOf,
  waitsOf,
} from './preview.ts';
export { performGoalTimers } from './timers.ts';

/** Streams `goal/<id>`: the plan, its tasks, attempts, runs, checks, merges and the CEO's inbox. */
export const goalArea: Area<Goal, GoalCommand, GoalEvent> = {
  kind: 'goal',
  shape: 7,
  initial: emptyGoal,
  decide: decideGoal,
  evolve: (goal, event, meta) => evolveGoal(goal, event, meta.at),
  order: goalOrder,
  decode: (type, data) => goalEvent.parse({ type, ...(data as object) }),
};
