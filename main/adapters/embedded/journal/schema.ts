/** Version of the durable schema; a newer file is refused without a byte written. */
export const SCHEMA_VERSION = 3;

/** See `CommitLog`. */
const LOG = `
CREATE TABLE log (
  number INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, first INTEGER NOT NULL, batches TEXT NOT NULL, head BLOB NOT NULL
) STRICT;
`;

/** Tables of the durable store. Strict, so that a wrong type is an error and not a surprise later. */
export const SCHEMA = `${LOG}
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE events (
  sequence INTEGER PRIMARY KEY, id TEXT NOT NULL, stream TEXT NOT NULL, version INTEGER NOT NULL,
  type TEXT NOT NULL, at INTEGER NOT NULL, epoch INTEGER NOT NULL, command TEXT NOT NULL,
  data TEXT NOT NULL, hash BLOB NOT NULL
) STRICT;
CREATE TABLE streams (stream TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE payloads (id TEXT PRIMARY KEY, hash TEXT NOT NULL, text TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE receipts (
  command TEXT PRIMARY KEY, stream TEXT NOT NULL, first_sequence INTEGER NOT NULL, last_sequence INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE orders (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, stream TEXT NOT NULL, sequence INTEGER NOT NULL,
  epoch INTEGER NOT NULL, due_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE snapshots (
  stream TEXT PRIMARY KEY, version INTEGER NOT NULL, shape INTEGER NOT NULL, state TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;

/** How a file of each older version becomes the next; the first turns 1 into 2. */
export const MIGRATIONS: readonly string[] = [
  // Version 1 wrote the table of streams with every commit, so it is complete up to the last event.
  "INSERT INTO meta SELECT 'versions-at', CAST(coalesce(max(sequence), 0) AS TEXT) FROM events;",
  LOG,
];

/**
 * WAL with FULL: an acknowledged commit survives a power cut (NORMAL loses some). EXCLUSIVE: one orchestrator a folder.
 * fullfsync makes macOS really flush.
 */
export const PRAGMAS = [
  'locking_mode = EXCLUSIVE',
  'journal_mode = WAL',
  'synchronous = FULL',
  'fullfsync = ON',
  'checkpoint_fullfsync = ON',
  'wal_autocheckpoint = 8000',
  'journal_size_limit = 67108864',
  'cache_size = -16000',
  'temp_store = MEMORY',
  // What is forgotten is overwritten, and so is what a sorted row of the log held.
  'secure_delete = ON',
];

/** Lowest SQLite without the WAL-reset corruption bug. */
export const SQLITE_MINIMUM = [3, 51, 3] as const;
