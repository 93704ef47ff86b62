import { dialog, shell } from 'electron';
import { WORDS } from './words.ts';

const LONGEST = 2_048;
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** What an address is to the gate: `local` is an app the user runs here, `web` is asked about, null stays closed. */
export function judgeAddress(address: string): { readonly kind: 'local' | 'web'; readonly url: URL } | null {
  if (address.length > LONGEST || !URL.canParse(address)) return null;
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') return null;
  if (url.protocol === 'http:' && LOOPBACK.has(url.hostname)) return { kind: 'local', url };
  return url.protocol === 'https:' ? { kind: 'web', url } : null;
}

/** The one way an address leaves the app: https after the host was shown, or http on this machine. True when opened. */
export async function openExternal(address: string): Promise<boolean> {
  const judged = judgeAddress(address);
  if (judged === null) return false;
  if (judged.kind === 'web') {
    const { response } = await dialog.showMessageBox({
      type: 'question',
      message: WORDS.openAddress(judged.url.host),
      detail: judged.url.href,
      buttons: [WORDS.open, WORDS.cancel],
      defaultId: 1,
      cancelId: 1,
    });
    if (response !== 0) return false;
  }
  // What was judged is opened, not what was written.
  await shell.openExternal(judged.url.href);
  return true;
}
