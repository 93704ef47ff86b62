import type Database from 'better-sqlite3';

/** Events between two savings: bounds what a start after a crash reads, and a saving is too rare to be noticed. */
const SAVE_EVERY = 20_000;

/**
 * The version of every stream, in memory, so that a check costs no query. The events are the truth; the table of streams
 * only saves reading them all, and `versions-at` says up to which event it is complete. Both change in one transaction,
 * so a kill at any instant leaves a table that is old but right.
 */
export class StreamVersions {
  private readonly versions = new Map<string, number>();
  private readonly grown = new Set<string>();
  private savedAt = 0;
  private readonly saved: Database.Statement<[], { stream: string; version: number }>;
  private readonly newer: Database.Statement<[number], { stream: string; version: number }>;
  private readonly mark: Database.Statement<[], string>;
  private readonly saveOne: Database.Statement;
  private readonly saveMark: Database.Statement;

  constructor(database: Database.Database) {
    this.saved = database.prepare('SELECT stream, version FROM streams');
    this.newer = database.prepare('SELECT stream, version FROM events WHERE sequence > ? ORDER BY sequence');
    this.mark = database.prepare<[], string>("SELECT value FROM meta WHERE key = 'versions-at'").pluck();
    this.saveOne = database.prepare('INSERT OR REPLACE INTO streams VALUES (?, ?)');
    this.saveMark = database.prepare("UPDATE meta SET value = ? WHERE key = 'versions-at'");
  }

  /** Reads the table, then the events that are newer than it. */
  load(): void {
    this.savedAt = Number(this.mark.get());
    for (const { stream, version } of this.saved.iterate()) this.versions.set(stream, version);
    for (const { stream, version } of this.newer.iterate(this.savedAt)) this.set(stream, version);
  }

  /** 0 for a stream without events. */
  get(stream: string): number {
    return this.versions.get(stream) ?? 0;
  }

  set(stream: string, version: number): void {
    this.versions.set(stream, version);
    this.grown.add(stream);
  }

  /** Whether enough events have come since the last saving. */
  due(lastSequence: number): boolean {
    return lastSequence - this.savedAt >= SAVE_EVERY;
  }

  /** Writes what has grown. To be called within a transaction that holds every event up to `lastSequence`. */
  save(lastSequence: number): void {
    for (const stream of this.grown) this.saveOne.run(stream, this.get(stream));
    this.saveMark.run(String(lastSequence));
    this.grown.clear();
    this.savedAt = lastSequence;
  }
}
