import { useEffect } from 'react';
import { create } from 'zustand';
import type { NumberedEvent } from '#protocol/contract/feed.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { ask } from '../../../store/send.ts';
import { useLink, useWorld, worldNow } from '../../../store/world-store.ts';

const PAGE = 2_000;
/** How often the newest events are fetched while things happen. */
const EVERY_MS = 2_000;

interface History {
  readonly goal: string | null;
  readonly events: readonly NumberedEvent[];
  /** The last event of any goal that there was when everything had been fetched; null before. */
  readonly upTo: number | null;
  readonly fault: Fault | null;
}

const NOTHING = { events: [], upTo: null, fault: null } as const;
const useStore = create<History>(() => ({ goal: null, ...NOTHING }));
/** Whose pages are being fetched; another one is begun when another goal is shown, and the former's answers count no more. */
let loading: { readonly goal: string } | null = null;

/** Fetches what came after the last known event, page by page. One at a time. */
async function load(goal: string): Promise<void> {
  if (useStore.getState().goal !== goal) useStore.setState({ goal, ...NOTHING });
  else if (loading) return;
  const mine = { goal };
  loading = mine;
  try {
    for (;;) {
      const upTo = worldNow()?.sequence ?? 0;
      const after = useStore.getState().events.at(-1)?.sequence ?? 0;
      const page = await ask((client) => client.feed.history({ goal, after, limit: PAGE }));
      if (loading !== mine) return;
      if (!page.ok) return useStore.setState({ fault: page.error });
      const { events, more } = page.value;
      const done = !more || events.length === 0;
      useStore.setState((state) => ({
        events: events.length === 0 ? state.events : [...state.events, ...events],
        upTo: done ? upTo : state.upTo,
        fault: null,
      }));
      if (done) return;
    }
  } finally {
    if (loading === mine) loading = null;
  }
}

/** Every event of a goal, oldest first, kept current while it is shown. */
export function useHistory(goal: string): {
  readonly events: readonly NumberedEvent[];
  /** Everything there was is there. */
  readonly complete: boolean;
  readonly fault: Fault | null;
  readonly again: () => void;
} {
  const state = useStore();
  const online = useLink().state === 'online';
  useEffect(() => {
    if (online) void load(goal);
  }, [goal, online]);
  // New events are asked for at most every few seconds, however many there are.
  const { events, upTo, fault } = state.goal === goal ? state : NOTHING;
  const moved = useWorld((world) => world.sequence > (upTo ?? 0)) ?? false;
  useEffect(() => {
    if (!moved || !online) return;
    const timer = setInterval(() => void load(goal), EVERY_MS);
    return () => clearInterval(timer);
  }, [moved, goal, online]);
  return { events, complete: upTo !== null, fault, again: () => void load(goal) };
}
