import type { PlanFile } from './plan-file.ts';
import type { PlanFileEvent } from './plan-file-event.ts';
import type { Goal } from './state.ts';

const NONE: PlanFile = { blob: null, edit: null, refused: null };

/** The part of `evolveGoal` about the plan's file. */
export function evolvePlanFile(goal: Goal, event: PlanFileEvent): Goal {
  const file = goal.planFile ?? NONE;
  switch (event.type) {
    case 'plan-file.ordered':
    case 'plan-edit.accepted':
      return goal;
    case 'plan-file.written':
      return { ...goal, planFile: { ...file, blob: event.blob } };
    case 'plan-edit.proposed':
      return {
        ...goal,
        planFile: { ...file, edit: { blob: event.blob, item: event.item, text: event.text }, refused: null },
      };
    case 'plan-edit.ended':
      return { ...goal, planFile: { ...file, edit: null, refused: event.result === 'refused' ? event.detail : null } };
  }
}
