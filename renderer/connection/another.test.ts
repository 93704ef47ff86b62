import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { anotherThan } from './another.ts';

const LOST = { name: 'lost' };
const NEW = { name: 'new' };
const WITHIN_MS = 8_000;

describe('the connection after the one that was lost', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is taken at once when it is there already', async () => {
    // No timer is run here: a page that reconnected before the failure was noticed does not wait.
    expect(await anotherThan(LOST, () => NEW, WITHIN_MS)).toBe(NEW);
  });

  it('is waited for while there is none, or still the lost one', async () => {
    let current: typeof NEW | null = LOST;
    const found = anotherThan(LOST, () => current, WITHIN_MS);
    await vi.advanceTimersByTimeAsync(1_000);
    current = null;
    await vi.advanceTimersByTimeAsync(1_000);
    current = NEW;
    await vi.advanceTimersByTimeAsync(100);
    expect(await found).toBe(NEW);
  });

  it('is given up after a while', async () => {
    const found = anotherThan(LOST, () => LOST, WITHIN_MS);
    await vi.advanceTimersByTimeAsync(WITHIN_MS);
    expect(await found).toBeNull();
  });
});
