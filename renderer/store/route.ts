import { select, useView, VIEWS, type View } from './view-store.ts';

/** Where a window is, as its address says it. */
export interface Route {
  readonly view: View;
  readonly goal: string | null;
  /** A selected node, `task:ID`, or null. */
  readonly node: string | null;
}

const ID = /^[\w:>~.-]{1,250}$/;

/** Reads `#/graph/goal_1/task:task_2`; what is not understood is left out, and an unknown view gives null. */
export function parseRoute(hash: string): Route | null {
  const [view = '', goal = '', node = ''] = hash.replace(/^#\/?/, '').split('/').map(decode);
  const known = VIEWS.find((each) => each === view);
  if (known === undefined) return null;
  return { view: known, goal: ID.test(goal) ? goal : null, node: ID.test(node) ? node : null };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

/** The address of a place. */
export function routeHash({ view, goal, node }: Route): string {
  const parts = [view, goal ?? '', node ?? ''].map(encodeURIComponent);
  return `#/${parts.join('/').replace(/\/+$/, '')}`;
}

function routeNow(): Route {
  const { view, goal, selection } = useView.getState();
  return { view, goal, node: selection.length === 1 ? (selection[0] ?? null) : null };
}

/** Goes to a place; what the place does not name stays. */
export function follow(route: Route): void {
  useView.setState({ view: route.view, ...(route.goal === null ? {} : { goal: route.goal }) });
  select(route.node === null ? [] : [route.node]);
}

/** Keeps the address and the window in step, so that Back, reload and links work. Returns how to stop. */
export function syncRoute(): () => void {
  const first = parseRoute(location.hash);
  if (first) follow(first);
  const write = () => {
    const hash = routeHash(routeNow());
    if (hash === location.hash) return;
    // Moving between views is a step to go back from; selecting something is not.
    const before = parseRoute(location.hash);
    const step = before !== null && before.view !== useView.getState().view;
    if (step) history.pushState(null, '', hash);
    else history.replaceState(null, '', hash);
  };
  const read = () => {
    const route = parseRoute(location.hash);
    if (route) follow(route);
  };
  write();
  window.addEventListener('popstate', read);
  window.addEventListener('hashchange', read);
  const stop = useView.subscribe(write);
  return () => {
    window.removeEventListener('popstate', read);
    window.removeEventListener('hashchange', read);
    stop();
  };
}
