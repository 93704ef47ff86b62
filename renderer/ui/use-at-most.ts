import { useEffect, useRef, useState } from 'react';

/**
 * A value that changes with every event, followed at most once in `ms` milliseconds: for what takes long to make of it. The
 * first change after a pause shows at once, and the last one always does.
 */
export function useAtMost<T>(value: T, ms: number): T {
  const [shown, setShown] = useState(value);
  const shownAt = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (Object.is(value, shown)) return;
    const show = () => {
      shownAt.current = performance.now();
      setShown(value);
    };
    const timer = setTimeout(show, Math.max(0, shownAt.current + ms - performance.now()));
    return () => clearTimeout(timer);
  }, [value, shown, ms]);
  return shown;
}
