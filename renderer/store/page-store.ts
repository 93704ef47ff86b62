import { create } from 'zustand';
import type { Fault } from '#protocol/model/fault.ts';

/** What belongs to this page alone: what is selected, what to tell. */
interface PageState {
  readonly goal: string | null;
  readonly notice: Fault | null;
}

/** The page's own state. */
export const usePage = create<PageState>(() => ({ goal: null, notice: null }));

/** Shows a goal. */
export const selectGoal = (goal: string) => usePage.setState({ goal });

/** Shows a fault until it is dismissed; null dismisses it. */
export const notify = (notice: Fault | null) => usePage.setState({ notice });
