import type { PayloadRef } from '../payload.ts';
import type { PlanFileEvent } from './plan-file-event.ts';
import type { Goal } from './state.ts';

/** What is known of the plan's file. */
export interface PlanFile {
  /** The file as AIOS last wrote it. */
  readonly blob: string | null;
  /** An edit by somebody else that waits for the CEO, or is being applied. */
  readonly edit: { readonly blob: string; readonly item: string; readonly text: PayloadRef } | null;
  /** Why the last edit was not used. */
  readonly refused: PayloadRef | null;
}

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
