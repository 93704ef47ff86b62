import { Suspense } from 'react';
import { useView } from '../store/view-store.ts';
import { part } from '../ui/part.tsx';
import { Palette } from './Palette.tsx';
import { Shortcuts } from './Shortcuts.tsx';
import { StopAll } from './StopAll.tsx';

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
