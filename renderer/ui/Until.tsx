import { useEffect, useState } from 'react';
import { fullTime, span } from '../text/time.ts';

/** How long it is until a moment, kept current, within a sentence; `past` says what is shown after it. */
export function Until({
  at,
  past,
  children,
}: {
  readonly at: number;
  readonly past: string;
  readonly children: (left: string) => string;
}) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <time className="figures" dateTime={new Date(at).toISOString()} title={fullTime(at)}>
      {at > now ? children(span(at - now)) : past}
    </time>
  );
}
