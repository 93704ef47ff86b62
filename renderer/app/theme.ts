import { useEffect, useSyncExternalStore } from 'react';
import { useView } from '../store/view-store.ts';

const dark = window.matchMedia('(prefers-color-scheme: dark)');

function subscribe(listener: () => void): () => void {
  dark.addEventListener('change', listener);
  return () => dark.removeEventListener('change', listener);
}

/** Puts the chosen theme and density on the document, and follows the system where that is the choice. */
export function useAppearance(): void {
  const chosen = useView((view) => view.theme);
  const density = useView((view) => view.density);
  const systemDark = useSyncExternalStore(subscribe, () => dark.matches);
  const theme = chosen === 'system' ? (systemDark ? 'dark' : 'light') : chosen;
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
    document.documentElement.dataset['density'] = density;
  }, [theme, density]);
}
