/** Where things lie below the data folder. */
export const FOLDERS = {
  journal: 'journal.db',
  /** Locked by a start until its journal is open. */
  claim: 'claim.db',
  lastWorld: 'last-world.json',
  homes: 'homes',
  transcripts: 'transcripts',
  objects: 'objects',
  radar: 'radar',
  secrets: 'secrets.json',
} as const;
