/** Minutes a set-up or verify command may take. */
export const COMMAND_MINUTES = 10;

/** Free memory below which the radar does not look at workspaces. */
export const RADAR_BYTES = 200 * 1024 * 1024;

/** Where things lie below the data folder. */
export const FOLDERS = {
  journal: 'journal.db',
  homes: 'homes',
  transcripts: 'transcripts',
  objects: 'objects',
  radar: 'radar',
  secrets: 'secrets.json',
} as const;
