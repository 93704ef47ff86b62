import { parseRoute } from '../store/route.ts';
import { goTo, hasGone } from '../store/view-store.ts';
import { onWorldChange } from '../store/world-store.ts';

/**
 * Leads whoever has no goal yet to Start, once, unless an address led elsewhere or one went elsewhere meanwhile. It decides
 * before anything of the first world is drawn, so that no other view is drawn for nothing.
 */
export function leadFirstRun(): void {
  // The address is that of the first view as soon as the window stands: only now does it tell a link.
  const cameByLink = parseRoute(location.hash) !== null;
  const stop = onWorldChange((world) => {
    if (!world || world.sequence < 0) return;
    stop();
    const isNew = Object.values(world.goals).every((goal) => goal.status === null);
    if (isNew && !cameByLink && !hasGone()) goTo('start');
  });
}
