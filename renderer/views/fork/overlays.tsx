import { useState } from 'react';
import { goalNow } from '../../store/shown.ts';
import { useView } from '../../store/view-store.ts';
import { CompareDialog } from './CompareDialog.tsx';
import { ForkDialog } from './ForkDialog.tsx';

/** Dialogs about forks; any view may open them. */
export default function ForkOverlays() {
  const overlay = useView((view) => view.overlay);
  // A moment does not change while it is looked at, though the goal may go on.
  const [goal] = useState(goalNow);
  if (!goal) return null;
  if (overlay?.kind === 'fork') return <ForkDialog goal={goal} at={overlay.at} />;
  return overlay?.kind === 'compare' ? <CompareDialog goal={goal} other={overlay.other} /> : null;
}
