import { useCallback, useEffect, useState } from 'react';
import type { Inspection } from '#protocol/contract/projects.ts';
import { type Answered, ask } from '../../store/send.ts';

const AFTER_TYPING_MS = 300;

/** What AIOS finds in a repository; null while it looks or before there is a path. `again` looks anew. */
export function useInspection(path: string): {
  readonly found: Answered<Inspection> | null;
  readonly again: () => void;
} {
  const [found, setFound] = useState<Answered<Inspection> | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    setFound(null);
    if (path === '' || round < 0) return;
    let current = true;
    const look = async () => {
      const answered = await ask((client) => client.projects.inspect({ path }));
      if (current) setFound(answered);
    };
    const timer = setTimeout(() => void look(), AFTER_TYPING_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [path, round]);
  const again = useCallback(() => setRound((last) => last + 1), []);
  return { found, again };
}
