import { describe, expect, it } from 'vitest';
import type { SecretStore } from './port.ts';

/** What every store of secrets must do. `reopen` gives the store as a later start finds it. */
export function secretStoreConformance(
  name: string,
  open: () => Promise<{ store: SecretStore; reopen: () => SecretStore }>,
): void {
  describe(`secret store: ${name}`, () => {
    it('gives back what was written, also to a later start', async () => {
      const { store, reopen } = await open();
      await store.write('apiKey', 'sk-ünï\n"code"');
      expect(await store.read('apiKey')).toBe('sk-ünï\n"code"');
      expect(await reopen().read('apiKey')).toBe('sk-ünï\n"code"');
    });

    it('forgets what was removed, and knows nothing of what never was', async () => {
      const { store, reopen } = await open();
      await store.write('apiKey', 'one');
      await store.write('other', 'two');
      await store.remove('apiKey');
      await store.remove('apiKey');
      expect(await reopen().read('apiKey')).toBeUndefined();
      expect(await store.read('never')).toBeUndefined();
      expect(await store.read('other')).toBe('two');
    });

    it('keeps the last of several writes', async () => {
      const { store, reopen } = await open();
      await Promise.all(['a', 'b', 'c'].map((value) => store.write('apiKey', value)));
      expect(await reopen().read('apiKey')).toBe('c');
    });
  });
}
