import { Menu, nativeImage, Tray } from 'electron';
import { formatUsd } from '#protocol/model/money.ts';
import { INBOX_HASH } from './links.ts';
import type { Summary } from './summary.ts';
import { WORDS } from './words.ts';

/** What the entries of the tray do. */
export interface TrayActions {
  show(hash?: string): void;
  stopAll(): void;
  quit(): void;
}

/** Puts AIOS into the tray. Returns how to show a new summary; null where the system has no tray. */
export function createTray(icon: string, actions: TrayActions): ((summary: Summary) => void) | null {
  let tray: Tray;
  try {
    tray = new Tray(nativeImage.createFromPath(icon));
  } catch {
    return null;
  }
  tray.on('click', () => actions.show());
  const update = ({ running, needsYou, spent }: Summary) => {
    const line = WORDS.tray(running, formatUsd(spent));
    tray.setToolTip(line);
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: line, enabled: false },
        { label: WORDS.inbox(needsYou), enabled: needsYou > 0, click: () => actions.show(INBOX_HASH) },
        { type: 'separator' },
        { label: WORDS.show, click: () => actions.show() },
        { label: WORDS.stopAll, enabled: running > 0, click: () => actions.stopAll() },
        { label: WORDS.quit, click: () => actions.quit() },
      ]),
    );
  };
  update({ running: 0, needsYou: 0, spent: 0, busy: [] });
  return update;
}
