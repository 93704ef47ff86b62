import { useCallback, useEffect, useState } from 'react';
import type { Client } from '../connection/socket.ts';
import { type Answered, ask } from './send.ts';
import { useLink } from './world-store.ts';

/** An answer that is asked for when a part is shown, and again when the connection is back. Null until the first answer. */
export function useQuery<T>(
  query: (client: Client) => Promise<T>,
  key: string,
): { readonly answer: Answered<T> | null; readonly again: () => void } {
  const [answer, setAnswer] = useState<Answered<T> | null>(null);
  const [round, setRound] = useState(0);
  const online = useLink().state === 'online';
  // The query is a new function with every render; what it asks is named by its key.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (!online) return;
    let current = true;
    void ask(query).then((answered) => {
      if (current) setAnswer(answered);
    });
    return () => {
      current = false;
    };
  }, [key, round, online]);
  const again = useCallback(() => setRound((last) => last + 1), []);
  return { answer, again };
}
