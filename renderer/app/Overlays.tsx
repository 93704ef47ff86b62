import { lazy, Suspense } from 'react';
import { useView } from '../store/view-store.ts';
import { Palette } from './Palette.tsx';
import { Shortcuts } from './Shortcuts.tsx';
import { StopAll } from './StopAll.tsx';

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
      return <Palette />;
    case 'shortcuts':
      return <Shortcuts />;
    case 'stop-all':
      return <StopAll />;
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
