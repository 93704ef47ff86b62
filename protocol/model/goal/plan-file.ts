import type { PayloadRef } from '../payload.ts';

/** What is known of the plan's file. */
export interface PlanFile {
  /** The file as AIOS last wrote it. */
  readonly blob: string | null;
  /** An edit by somebody else that waits for the CEO, or is being applied. */
  readonly edit: { readonly blob: string; readonly item: string; readonly text: PayloadRef } | null;
  /** Why the last edit was not used. */
  readonly refused: PayloadRef | null;
}
