import { runCommand } from '../commands/registry.ts';
import { follow, parseRoute } from '../store/route.ts';
import { setOverlay } from '../store/view-store.ts';
import { changeDraft } from '../views/composer/draft.ts';
import { type Desktop, desktop } from './desktop.ts';

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

/** A folder dropped anywhere is the repository of the next goal. */
function listenToDrops(shell: Desktop): () => void {
  const over = (event: DragEvent) => {
    // Without this the system shows that nothing may be dropped here.
    if (hasFiles(event)) event.preventDefault();
  };
  const drop = (event: DragEvent) => {
    const file = event.dataTransfer?.files[0];
    // A place that takes files itself, as the composer does with attachments, has prevented it already.
    if (event.defaultPrevented || !hasFiles(event) || file === undefined) return;
    event.preventDefault();
    const folder = event.dataTransfer?.items[0]?.webkitGetAsEntry()?.isDirectory ?? false;
    const path = folder ? shell.pathOf(file) : '';
    if (path === '') return;
    changeDraft({ path });
    setOverlay({ kind: 'composer' });
  };
  window.addEventListener('dragover', over);
  window.addEventListener('drop', drop);
  return () => {
    window.removeEventListener('dragover', over);
    window.removeEventListener('drop', drop);
  };
}

/** What comes from the shell: commands of its menu, places of links, dropped folders. Nothing in a browser. Returns how to stop. */
export function startDesktopEvents(shell: Desktop | null = desktop): () => void {
  if (shell === null) return () => undefined;
  const stops = [
    shell.onCommand((command) => void runCommand(command)),
    shell.onRoute((hash) => {
      const route = parseRoute(hash);
      if (route) follow(route);
    }),
    listenToDrops(shell),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
