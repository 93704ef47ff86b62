import Database from 'better-sqlite3';
import { JournalFailed, JournalOwned } from '#main/ports/journal/port.ts';

/**
 * Takes a file for this process until what it returns is called, or the process ends, however it ends. For who wants a data
 * folder before the thread of its journal is there. Throws `JournalOwned` while another has it.
 */
export function claimFile(path: string): () => void {
  let database: Database.Database | undefined;
  try {
    database = new Database(path, { timeout: 0 });
    database.pragma('journal_mode = MEMORY');
    // A lock of the system's, as that of the journal itself.
    database.exec('BEGIN EXCLUSIVE');
    const held = database;
    return () => void held.close();
  } catch (error) {
    database?.close();
    const message = error instanceof Error ? error.message : String(error);
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw code.startsWith('SQLITE_BUSY') ? new JournalOwned(message) : new JournalFailed(message);
  }
}
