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
  readonly world: World | null;
  readonly link: Link;
}

const useStore = create<WorldState>(() => ({ world: null, link: { state: 'connecting' } }));

/** Replaces the world by a snapshot. */
export const setWorld = (world: World) => useStore.setState({ world });

/** Changes the world by what was committed since. */
export const updateWorld = (change: (world: World) => World) =>
  useStore.setState(({ world }) => (world ? { world: change(world) } : {}));

/** Says how the connection stands. */
export const setLink = (link: Link) => useStore.setState({ link });

/** Subscribes to the connection. */
export const useLink = () => useStore((state) => state.link);

/** Subscribes to a part of the world; null before the first snapshot. The part must keep its identity when it is unchanged. */
export function useWorld<T>(select: (world: World) => T): T | null {
  return useStore((state) => (state.world ? select(state.world) : null));
}
