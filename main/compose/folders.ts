/** Where things lie below the data folder. */
export const FOLDERS = {
  journal: 'journal.db',
  homes: 'homes',
  transcripts: 'transcripts',
  objects: 'objects',
  radar: 'radar',
  secrets: 'secrets.json',
} as const;
