/** Limits a goal gets when neither its crew nor the CEO says otherwise. */
export const DEFAULTS = {
  /** Turns and minutes of one run. */
  turns: 100,
  minutes: 30,
  /** Dollars of one run. */
  runUsd: 3,
  /** Minutes a set-up or verify command may take. */
  commandMinutes: 10,
} as const;

/** Where things lie below the data folder. */
export const FOLDERS = {
  journal: 'journal.db',
  homes: 'homes',
  transcripts: 'transcripts',
  objects: 'objects',
} as const;
