import { useEffect, useRef } from 'react';
import { parseRoute } from '../store/route.ts';
import { goTo } from '../store/view-store.ts';
import { useWorld } from '../store/world-store.ts';

/** Whether the address named a place when the page was opened: then that is where one wants to be. */
const cameByLink = parseRoute(location.hash) !== null;

/** Shows Start to whoever has no goal yet, once, unless an address led elsewhere. */
export function useFirstRun(): void {
  const isNew = useWorld((world) => Object.values(world.goals).every((goal) => goal.status === null));
  const looked = useRef(false);
  useEffect(() => {
    if (isNew === null || looked.current) return;
    looked.current = true;
    if (isNew && !cameByLink) goTo('start');
  }, [isNew]);
}
