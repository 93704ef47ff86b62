import { useEffect, useRef } from 'react';
import { parseRoute } from '../store/route.ts';
import { goTo, useView } from '../store/view-store.ts';
import { useWorld } from '../store/world-store.ts';

/** Whether the address named a place when the page was opened: then that is where one wants to be. */
const cameByLink = parseRoute(location.hash) !== null;

/** Shows Start to whoever has no goal yet, once, unless an address led elsewhere or one went elsewhere meanwhile. */
export function useFirstRun(): void {
  const isNew = useWorld((world) => Object.values(world.goals).every((goal) => goal.status === null));
  const looked = useRef(false);
  const first = useRef(useView.getState().view);
  useEffect(() => {
    if (isNew === null || looked.current) return;
    looked.current = true;
    const still = useView.getState().view === first.current;
    if (isNew && still && !cameByLink) goTo('start');
  }, [isNew]);
}
