import { create } from 'zustand';
import type { Attempt } from '#protocol/model/goal/state.ts';
import { openTab } from '../../store/view-store.ts';

/** Which attempt and run are looked at; anything that is not among those of the subject means its newest. */
export const useInspected = create<{
  readonly attempt: string | null;
  readonly run: string | null;
  /** A file that the changes shall open at, once. */
  readonly file: string | null;
}>(() => ({ attempt: null, run: null, file: null }));

/** The chosen attempt while it is among these, else the newest. */
export function chosenAttempt(attempts: readonly Attempt[], chosen: string | null): Attempt | null {
  return attempts.find(({ id }) => id === chosen) ?? attempts.at(-1) ?? null;
}

/** Subscribes to the attempt that is looked at. */
export function useAttempt(attempts: readonly Attempt[]): Attempt | null {
  return chosenAttempt(
    attempts,
    useInspected((state) => state.attempt),
  );
}

/** Opens the changes at a file, from whatever tab. */
export function showChange(attempt: string, file: string): void {
  useInspected.setState({ attempt, file });
  openTab('changes');
}
