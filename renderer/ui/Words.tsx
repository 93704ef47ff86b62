import { memo, useEffect, useState } from 'react';
import { plain, plainLine } from '../text/plain.ts';
import { fullTime, span } from '../text/time.ts';

/** A text from outside on one line: isolated in direction, unseen characters visible, cut with an ellipsis. */
export const Line = memo(function Line({ text, most = 300 }: { readonly text: string; readonly most?: number }) {
  return <bdi className="line-of-text">{plainLine(text, most)}</bdi>;
});

/** A text from outside with its line breaks; never markup. */
export function Prose({ text, most }: { readonly text: string; readonly most?: number }) {
  return (
    <bdi className="prose" dir="auto">
      {plain(text, most)}
    </bdi>
  );
}

/** How long ago something was, kept current. */
export function Ago({ at }: { readonly at: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <time className="figures" dateTime={new Date(at).toISOString()} title={fullTime(at)}>
      {span(now - at)}
    </time>
  );
}
