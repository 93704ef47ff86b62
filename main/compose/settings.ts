/** Minutes a set-up or verify command may take. */
export const COMMAND_MINUTES = 10;

/** Where things lie below the data folder. */
export const FOLDERS = {
  journal: 'journal.db',
  homes: 'homes',
  transcripts: 'transcripts',
  objects: 'objects',
  secrets: 'secrets.json',
} as const;
