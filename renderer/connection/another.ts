const LOOK_EVERY_MS = 100;

/**
 * Waits until there is another connection than the one that was lost, at most `withinMs`; there may be one already. Null
 * when none came.
 */
export async function anotherThan<T>(lost: T | null, current: () => T | null, withinMs: number): Promise<T | null> {
  for (let waited = 0; ; waited += LOOK_EVERY_MS) {
    const now = current();
    if (now !== null && now !== lost) return now;
    if (waited >= withinMs) return null;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
