import { app, dialog } from 'electron';
import { homeOf } from '#main/index.ts';
import { registerScheme } from './app-scheme.ts';
import { demoCrew } from './demo.ts';
import { guardEverything } from './guards.ts';
import { hashOfArguments } from './links.ts';
import { openExternal } from './open-external.ts';
import { placesFrom } from './places.ts';
import { checkSelf } from './self-check.ts';
import { startShell } from './shell.ts';
import { takeOnlyInstance } from './single-instance.ts';
import { startUpdater } from './updater.ts';
import { adoptUserPath } from './user-path.ts';
import type { MainWindow } from './windows.ts';
import { WORDS } from './words.ts';

const home = homeOf(process.env);
let window: MainWindow | null = null;
let hash = hashOfArguments(process.argv);

function goTo(place: string | null): void {
  if (window) window.show(place);
  else hash = place ?? hash;
}

async function start(onlyInstance: boolean): Promise<void> {
  const faults = await checkSelf(home, onlyInstance);
  for (const fault of faults) console.error(`aios: ${fault}`);
  if (faults.length > 0 && app.isPackaged) {
    dialog.showErrorBox(WORDS.refused, faults.join('\n'));
    app.exit(1);
    return;
  }
  // Started from a terminal, as npm start is, it has the right one.
  if (app.isPackaged) await adoptUserPath(process.env);
  const places = placesFrom(import.meta.dirname);
  const safe = process.argv.includes('--safe');
  const started = await startShell({ places, home, safe, hash, demo: demoCrew(places.resources) });
  if (!started.ok) {
    const { what, why, next } = started.error;
    dialog.showErrorBox(WORDS.cannotStart, `${what}\n${why}\n${next}`);
    app.exit(1);
    return;
  }
  window = started.value;
  if (window === null) app.exit(0);
  else await startUpdater(places.resources);
}

// Before the app is ready, or never.
app.enableSandbox();
registerScheme();
guardEverything(openExternal);
const onlyInstance = takeOnlyInstance(home, goTo);
if (!onlyInstance) app.quit();
else {
  app.on('child-process-gone', (_, { type, reason, name }) => console.error(`aios: ${name ?? type} ended: ${reason}`));
  void app
    .whenReady()
    .then(() => start(onlyInstance))
    .catch((error: unknown) => {
      dialog.showErrorBox(WORDS.cannotStart, error instanceof Error ? error.message : String(error));
      app.exit(1);
    });
}
