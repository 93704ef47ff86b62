import { Suspense } from 'react';
import { useView } from '../store/view-store.ts';
import { part } from '../ui/part.tsx';

const Palette = part(() => import('./Palette.tsx').then((file) => file.Palette));
const StopAll = part(() => import('./StopAll.tsx').then((file) => file.StopAll));
const Shortcuts = part(() => import('./Shortcuts.tsx').then((file) => file.Shortcuts));
const Composer = part(() => import('../views/composer/index.tsx').then((file) => file.default));
const ForkOverlays = part(() => import('../views/fork/overlays.tsx').then((file) => file.default));
const Peek = part(() => import('../views/inspector/Peek.tsx').then((file) => file.default));
const GraphOverlays = part(() => import('../views/graph/overlays.tsx').then((file) => file.GraphOverlays));

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
