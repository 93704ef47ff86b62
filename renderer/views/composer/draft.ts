import { create } from 'zustand';
import { persist } from 'zustand/middleware';

/** Material of a goal: a text, or a picture in base64. */
export type Attachment =
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly image: string };

/** A goal that is being worded. Survives closing the composer, a reload and a crash. */
export interface GoalDraft {
  readonly text: string;
  readonly path: string;
  /** `crew`, `board`, or the role that does it alone. */
  readonly who: string;
  readonly mode: 'ask' | 'go' | null;
  /** The plan that is made already; null: the Lead plans. */
  readonly template?: string | null;
  /** Dollars as typed; null takes the setting. */
  readonly cap: string | null;
  readonly attachments: readonly Attachment[];
}

const EMPTY: GoalDraft = { text: '', path: '', who: 'crew', mode: null, template: null, cap: null, attachments: [] };

/** The draft of the next goal. */
export const useGoalDraft = create<GoalDraft>()(persist(() => EMPTY, { name: 'aios.goal-draft', version: 1 }));

/** Changes the draft. */
export const changeDraft = (change: Partial<GoalDraft>) => useGoalDraft.setState(change);

/** Forgets everything but where the goal was for: the next one is often there, too. */
export const clearDraft = () => useGoalDraft.setState(({ path }) => ({ ...EMPTY, path }));
