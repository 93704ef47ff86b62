import { useEffect } from 'react';
import { create } from 'zustand';
import type { NumberedEvent } from '#protocol/contract/feed.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { ask } from '../../../store/send.ts';
import { useLink, useWorld } from '../../../store/world-store.ts';

const PAGE = 2_000;
/** How often the newest events are fetched while things happen. */
const EVERY_MS = 2_000;

interface History {
  readonly goal: string | null;
  readonly events: readonly NumberedEvent[];
  /** Everything there was is there. */
  readonly complete: boolean;
  readonly fault: Fault | null;
}

const useStore = create<History>(() => ({ goal: null, events: [], complete: false, fault: null }));
let loading = false;

/** Fetches what came after the last known event, page by page. One at a time. */
async function load(goal: string): Promise<void> {
  if (useStore.getState().goal !== goal) useStore.setState({ goal, events: [], complete: false, fault: null });
  if (loading) return;
  loading = true;
  try {
    for (;;) {
      const after = useStore.getState().events.at(-1)?.sequence ?? 0;
      const page = await ask((client) => client.feed.history({ goal, after, limit: PAGE }));
      if (useStore.getState().goal !== goal) return;
      if (!page.ok) return useStore.setState({ fault: page.error });
      const { events, more } = page.value;
      useStore.setState((state) => ({
        events: events.length === 0 ? state.events : [...state.events, ...events],
        complete: !more,
        fault: null,
      }));
      if (!more || events.length === 0) return;
    }
  } finally {
    loading = false;
  }
}

/** Every event of a goal, oldest first, kept current while it is shown. */
export function useHistory(goal: string): History & { readonly again: () => void } {
  const state = useStore();
  const online = useLink().state === 'online';
  useEffect(() => {
    if (online) void load(goal);
  }, [goal, online]);
  // New events are asked for at most every few seconds, however many there are.
  const moved = useWorld((world) => world.sequence > (useStore.getState().events.at(-1)?.sequence ?? 0)) ?? false;
  useEffect(() => {
    if (!moved || !online) return;
    const timer = setInterval(() => void load(goal), EVERY_MS);
    return () => clearInterval(timer);
  }, [moved, goal, online]);
  const fresh = state.goal === goal ? state : { goal, events: [], complete: false, fault: null };
  return { ...fresh, again: () => void load(goal) };
}
