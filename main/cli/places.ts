import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);

/** Folders of this installation. */
export const PLACES = {
  root: fileURLToPath(root),
  resources: fileURLToPath(new URL('resources', root)),
  /** The built page; it may not be there yet. */
  renderer: fileURLToPath(new URL('out/renderer', root)),
} as const;
