import { join } from 'node:path';
import { app } from 'electron';

/** Where the parts of this installation are. */
export interface Places {
  readonly renderer: string;
  readonly preload: string;
  /** Crews, prices, icons: beside the archive, because other programs read them. */
  readonly resources: string;
  readonly icon: (name: 'app' | 'tray' | 'badge') => string;
}

/** The places, from where the built entry lies. */
export function placesFrom(entryFolder: string): Places {
  const root = join(entryFolder, '..', '..', '..');
  const resources = app.isPackaged ? join(process.resourcesPath, 'resources') : join(root, 'resources');
  return {
    renderer: join(root, 'out', 'renderer'),
    preload: join(entryFolder, '..', 'preload.cjs'),
    resources,
    icon: (name) => join(resources, 'icons', `${name}.png`),
  };
}
