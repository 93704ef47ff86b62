import { useSyncExternalStore } from 'react';

let now = Date.now();

/** One clock for the whole page, a second a tick, running only while somebody looks. */
function subscribe(listener: () => void): () => void {
  const timer = setInterval(() => {
    now = Date.now();
    listener();
  }, 1_000);
  return () => clearInterval(timer);
}

/** The time, to the second. */
export const useNow = () => useSyncExternalStore(subscribe, () => now);

/** How long ago, in the largest unit that says something. */
export function ago(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s ago`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ago` : `${Math.floor(minutes / 60)} h ago`;
}
