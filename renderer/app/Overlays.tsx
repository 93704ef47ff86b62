import { lazy, Suspense } from 'react';
import { useView } from '../store/view-store.ts';

const loadPalette = () => import('./Palette.tsx').then((part) => ({ default: part.Palette }));
const loadStopAll = () => import('./StopAll.tsx').then((part) => ({ default: part.StopAll }));

/** Loads what must be there at once when it is asked for; called when the page has nothing else to do. */
export function loadOverlays(): void {
  for (const load of [loadPalette, loadStopAll]) load().catch(() => undefined);
}

const Palette = lazy(loadPalette);
const Shortcuts = lazy(() => import('./Shortcuts.tsx').then((part) => ({ default: part.Shortcuts })));
const StopAll = lazy(loadStopAll);
const Composer = lazy(() => import('../views/composer/index.tsx'));
const ForkOverlays = lazy(() => import('../views/fork/overlays.tsx'));
const Peek = lazy(() => import('../views/inspector/Peek.tsx'));
const GraphOverlays = lazy(() =>
  import('../views/graph/overlays.tsx').then((part) => ({ default: part.GraphOverlays })),
);

/** What is open above the view, whichever view that is. */
export function Overlays() {
  const kind = useView((view) => view.overlay?.kind ?? null);
  switch (kind) {
    case null:
      return null;
    case 'palette':
      return (
        <Suspense>
          <Palette />
        </Suspense>
      );
    case 'shortcuts':
      return (
        <Suspense>
          <Shortcuts />
        </Suspense>
      );
    case 'stop-all':
      return (
        <Suspense>
          <StopAll />
        </Suspense>
      );
    case 'composer':
      return (
        <Suspense>
          <Composer />
        </Suspense>
      );
    case 'peek':
      return (
        <Suspense>
          <Peek />
        </Suspense>
      );
    case 'fork':
    case 'compare':
      return (
        <Suspense>
          <ForkOverlays />
        </Suspense>
      );
    default:
      return (
        <Suspense>
          <GraphOverlays />
        </Suspense>
      );
  }
}
