import type { Operations } from '#main/server/operations.ts';

type Area = keyof Operations;
type Erased = (input: unknown, signal: AbortSignal | undefined) => Promise<unknown>;

/** What only looks at the past, and so needs nothing but that it was read. */
const LOOKS: Partial<Record<Area, ReadonlySet<string>>> = { feed: new Set(['snapshot', 'watch']) };

/**
 * The operations of an orchestrator whose start is not over: who looks is answered, who wants something waits until
 * it can be done. `onLook` hears of each who looks. They are all functions of the same two things; their types are erased only to wrap them alike.
 */
export function onceResumed(operations: Operations, resumed: Promise<void>, onLook: () => void): Operations {
  const areas = Object.entries(operations as unknown as Record<Area, Record<string, Erased>>).map(([area, members]) => {
    const looks = LOOKS[area as Area];
    const waiting = Object.entries(members).map(([name, operation]) => {
      const later: Erased = async (input, signal) => {
        await resumed;
        return operation(input, signal);
      };
      const look: Erased = (input, signal) => {
        onLook();
        return operation(input, signal);
      };
      return [name, looks?.has(name) ? look : later] as const;
    });
    return [area, Object.fromEntries(waiting)] as const;
  });
  return Object.fromEntries(areas) as unknown as Operations;
}
