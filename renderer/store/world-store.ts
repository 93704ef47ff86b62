import { create } from 'zustand';
import type { World } from '#protocol/model/world.ts';

/** How the page and the orchestrator stand. */
export type Link =
  | { readonly state: 'connecting' }
  | { readonly state: 'online' }
  | { readonly state: 'offline'; readonly retryMs: number }
  | { readonly state: 'login'; readonly refused: boolean };

/** What the server has told, and nothing of the page's own. */
interface WorldState {
  readonly live: World | null;
  /** The world at the moment that replay shows; null shows the live one. */
  readonly past: World | null;
  readonly link: Link;
}

const useStore = create<WorldState>(() => ({ live: null, past: null, link: { state: 'connecting' } }));

/** Replaces the live world by a snapshot. */
export const setWorld = (live: World) => useStore.setState({ live });

/** Changes the live world by what was committed since. */
export const updateWorld = (change: (world: World) => World) =>
  useStore.setState(({ live }) => (live ? { live: change(live) } : {}));

/** Shows a past moment everywhere; null goes back to live. */
export const showPast = (past: World | null) => useStore.setState({ past });

/** Says how the connection stands. */
export const setLink = (link: Link) => useStore.setState({ link });

/** Subscribes to the connection. */
export const useLink = () => useStore((state) => state.link);

/** Whether a past moment is shown: nothing can be changed then. */
export const useIsPast = () => useStore((state) => state.past !== null);

/**
 * Subscribes to a part of the world that is shown, live or past; null before the first snapshot. The part must keep its
 * identity when it is unchanged: select records, never build objects here (`useShallow` is for lists of ids).
 */
export function useWorld<T>(select: (world: World) => T): T | null {
  return useStore((state) => {
    const shown = state.past ?? state.live;
    return shown ? select(shown) : null;
  });
}

/** The shown world now, for handlers; null before the first snapshot. */
export function worldNow(): World | null {
  const { past, live } = useStore.getState();
  return past ?? live;
}

/** Whether a past moment is shown now, for handlers. */
export const isPastNow = (): boolean => useStore.getState().past !== null;

/** Calls back after each change of the live world or the connection; returns how to stop. */
export const onWorldChange = (listener: (live: World | null, link: Link) => void): (() => void) =>
  useStore.subscribe((state) => listener(state.live, state.link));
