import { join } from 'node:path';
import { dialog } from 'electron';
import type { SecretStore } from '#main/index.ts';
import { createMemorySecrets, createSafeSecrets, hasKeychain } from './secrets.ts';
import { WORDS } from './words.ts';

/** The system's keychain; without one, memory if the user agrees. Null: the user would rather not start. */
export async function chooseSecrets(home: string): Promise<SecretStore | null> {
  if (await hasKeychain()) return createSafeSecrets(join(home, 'secrets.encrypted.json'));
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message: WORDS.noKeychain,
    detail: WORDS.noKeychainDetail,
    buttons: [WORDS.goOn, WORDS.quit],
    defaultId: 0,
    cancelId: 1,
  });
  return response === 0 ? createMemorySecrets() : null;
}
