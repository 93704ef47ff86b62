import { randomBytes } from 'node:crypto';
import Database from 'better-sqlite3';
import { failpoint } from '#main/platform/failpoint.ts';
import type { Appended, Batch, Opened, Receipt, StreamSnapshot } from '#main/ports/journal/port.ts';
import { chain, GENESIS } from './chain.ts';
import { CommitLog } from './log.ts';
import { MIGRATIONS, PRAGMAS, SCHEMA, SCHEMA_VERSION, SQLITE_MINIMUM } from './schema.ts';
import { Sorter } from './sorter.ts';
import { prepareStatements } from './statements.ts';
import { StreamVersions } from './versions.ts';
import { type Packed, type PackedAnswer, pack, packAnswer, unpack } from './wire.ts';

/** Most commands in the log: bounds what a start after a kill sorts before it is ready, some 0.3 s, and memory. */
const HELD_MOST = 20_000;
/** Fewer are left where they are while more may come soon: putting them in order costs flushes of its own. */
const WORTH_TIDYING = 250;
/** Commands sorted in one transaction: a command that arrives meanwhile waits for some milliseconds. */
const SORTED_AT_ONCE = 200;

/** The open transaction. */
interface Group {
  readonly first: number;
  readonly packed: Packed[];
  commands: number;
}

function assertSqliteVersion(database: Database.Database): void {
  const version = String(database.prepare('SELECT sqlite_version()').pluck().get());
  const parts = version.split('.').map(Number);
  for (const [index, least] of SQLITE_MINIMUM.entries()) {
    const part = parts[index] ?? 0;
    if (part > least) return;
    if (part < least) throw new Error(`SQLite ${version} can corrupt a WAL; ${SQLITE_MINIMUM.join('.')} is needed`);
  }
}

/** The one writer of the durable store. Synchronous; lives in a thread of its own. */
export class Writer {
  private readonly database: Database.Database;
  private epoch = 0;
  private lastSequence = 0;
  private lastHash: Buffer = GENESIS;
  private readonly versions: StreamVersions;
  private opened = false;
  /** Commits since the last time all was tidy. */
  private untidied = 0;
  private group: Group = { first: 0, packed: [], commands: 0 };
  private failed: unknown;
  private readonly log: CommitLog;
  private readonly sorter: Sorter;
  private readonly statements: ReturnType<typeof prepareStatements>;

  /** Opens or creates the file and takes exclusive ownership. Throws what SQLite throws. */
  constructor(file: string) {
    this.database = new Database(file, { timeout: 0 });
    try {
      for (const pragma of PRAGMAS) this.database.pragma(pragma);
      assertSqliteVersion(this.database);
      this.migrate();
      if (this.database.pragma('synchronous', { simple: true }) !== 2) throw new Error('synchronous is not FULL');
      this.statements = prepareStatements(this.database);
      this.versions = new StreamVersions(this.database);
      this.log = new CommitLog(this.database);
      this.sorter = new Sorter(this.database, this.log);
    } catch (error) {
      this.database.close();
      throw error;
    }
  }

  private migrate(): void {
    const found = Number(this.database.pragma('user_version', { simple: true }));
    if (found > SCHEMA_VERSION) throw new Error(`the data folder was written by a newer AIOS (schema ${found})`);
    if (found === SCHEMA_VERSION) return;
    this.database.transaction(() => {
      if (found === 0) this.create();
      else for (const step of MIGRATIONS.slice(found - 1)) this.database.exec(step);
      this.database.pragma(`user_version = ${SCHEMA_VERSION}`);
    })();
  }

  private create(): void {
    this.database.exec(SCHEMA);
    const meta = this.database.prepare('INSERT INTO meta VALUES (?, ?)');
    meta.run('epoch', '0');
    meta.run('payload-key', randomBytes(32).toString('base64'));
    meta.run('versions-at', '0');
  }

  /** Counts the start and finds the end of the chain. */
  open(): Opened {
    this.sortAll();
    const meta = (key: string) =>
      String(this.database.prepare('SELECT value FROM meta WHERE key = ?').pluck().get(key));
    this.epoch = Number(meta('epoch')) + 1;
    this.database.prepare("UPDATE meta SET value = ? WHERE key = 'epoch'").run(String(this.epoch));
    const last = this.database
      .prepare<[], { sequence: number; hash: Buffer }>(
        'SELECT sequence, hash FROM events ORDER BY sequence DESC LIMIT 1',
      )
      .get();
    this.lastSequence = last?.sequence ?? 0;
    this.lastHash = last?.hash ?? GENESIS;
    this.versions.load();
    this.opened = true;
    return { epoch: this.epoch, lastSequence: this.lastSequence, payloadKey: meta('payload-key') };
  }

  /** Starts the transaction that the appends up to `commit` share. */
  begin(): void {
    // A failed write is final for this connection: nothing later may be acknowledged until it is opened anew.
    if (this.failed !== undefined) throw this.failed;
    failpoint('before-commit');
    this.group = { first: this.lastSequence + 1, packed: [], commands: 0 };
    this.statements.begin.run();
  }

  /**
   * Takes packed batches into the open transaction. A duplicate or a conflict stores nothing; the others do. Of a fresh one
   * no duplicate is looked for.
   */
  append(packed: Packed, fresh: readonly boolean[] = []): PackedAnswer {
    const batches = unpack(packed);
    const answers = batches.map((batch, index) => this.appendOne(batch, fresh[index] === true));
    const stored = batches.filter((_, index) => answers[index]?.kind === 'appended');
    this.group.commands += stored.length;
    if (stored.length === batches.length) this.group.packed.push(packed);
    else if (stored.length > 0) this.group.packed.push(pack(stored));
    return answers.map(packAnswer);
  }

  /** Makes everything since `begin` durable. */
  commit(): void {
    const { first, packed, commands } = this.group;
    if (commands > 0) this.log.add({ epoch: this.epoch, first, head: this.lastHash }, packed);
    if (this.versions.due(this.lastSequence)) this.versions.save(this.lastSequence);
    // Beyond this the log only grows as fast as it is sorted, and a start after a kill stays short.
    if (this.log.held() > HELD_MOST) this.sorter.sort(2 * commands);
    failpoint('mid-transaction');
    this.statements.commit.run();
    failpoint('after-commit');
    this.untidied += 1;
  }

  /** Undoes everything since `begin`. The caller reopens: what it was told is void. */
  rollback(cause: unknown): void {
    this.failed ??= cause;
    if (this.database.inTransaction) this.statements.rollback.run();
  }

  private appendOne(batch: Batch, fresh: boolean): Appended {
    const { command, stream, events, expectedVersion } = batch;
    const version = this.versions.get(stream);
    const receipt = fresh ? undefined : this.receipt(command);
    if (receipt) return { kind: 'duplicate', receipt };
    if (events.length > 0 && version !== expectedVersion) return { kind: 'conflict', version };
    const firstSequence = this.lastSequence + 1;
    for (const [index, { id, type, at, data }] of events.entries()) {
      this.lastSequence += 1;
      const link = { sequence: this.lastSequence, id, stream, version: version + index + 1, type, at };
      this.lastHash = chain(this.lastHash, { ...link, epoch: this.epoch, command, data });
    }
    if (events.length > 0) this.versions.set(stream, version + events.length);
    this.log.hold({ command, stream, firstSequence, lastSequence: this.lastSequence }, batch.payloads);
    return { kind: 'appended', firstSequence };
  }

  /** See the port. */
  receipt(command: string): Receipt | undefined {
    const held = this.log.receipt(command);
    if (held) return held;
    const row = this.statements.receipt.get(command);
    return row && { command, stream: row.stream, firstSequence: row.first_sequence, lastSequence: row.last_sequence };
  }

  /** Stored events as one text, for `eventsOf`. */
  read(after: number, limit: number): string {
    this.sortAll();
    return `[${this.statements.read.all(after, limit).join(',')}]`;
  }

  /** Open orders as one text, for `ordersOf`. */
  openOrders(): string {
    this.sortAll();
    return `[${this.statements.orders.all().join(',')}]`;
  }

  /** See the port. */
  payloads(ids: readonly string[]): Array<[string, string]> {
    const found: Array<[string, string]> = [];
    for (const id of ids) {
      const text = this.log.payload(id) ?? this.statements.readPayload.get(id);
      if (typeof text === 'string') found.push([id, text]);
    }
    return found;
  }

  /** See the port. */
  forget(ids: readonly string[]): void {
    this.sortAll();
    this.database.transaction(() => {
      for (const id of ids) this.statements.forget.run(id);
    })();
    // The log of SQLite, too, still holds what was there.
    this.database.pragma('wal_checkpoint(TRUNCATE)');
  }

  /** See the port. */
  snapshots(): StreamSnapshot[] {
    return this.statements.snapshots.all();
  }

  /** See the port. */
  saveSnapshot(snapshot: StreamSnapshot): void {
    this.statements.saveSnapshot.run(snapshot.stream, snapshot.version, snapshot.shape, snapshot.state);
  }

  /** See the port. */
  verify(): number | null {
    this.sortAll();
    let previous: Buffer = GENESIS;
    let expected = 1;
    for (const row of this.statements.all.iterate()) {
      const hash = chain(previous, row);
      if (row.sequence !== expected || !hash.equals(row.hash)) return expected;
      previous = hash;
      expected += 1;
    }
    return null;
  }

  /**
   * Does a part of what no commit should have to do: sorts some commands of the log, or moves SQLite's own log into the
   * database. To be called while nothing waits; false when nothing is left to do, or too little while `soon` more may come.
   */
  tidy(soon: boolean): boolean {
    if (this.failed !== undefined) return false;
    const enough = soon ? WORTH_TIDYING : 1;
    if (this.log.held() >= enough) return this.sortSome() > 0;
    if (this.untidied < enough) return false;
    this.database.pragma('wal_checkpoint(PASSIVE)');
    this.untidied = 0;
    return false;
  }

  private sortSome(): number {
    return this.database.transaction(() => {
      const count = this.sorter.sort(SORTED_AT_ONCE);
      if (count > 0) failpoint('mid-sorting');
      return count;
    })();
  }

  private sortAll(): void {
    while (this.sortSome() > 0);
  }

  /** Checkpoints and releases the file. */
  close(): void {
    try {
      if (this.opened && this.failed === undefined) {
        this.sortAll();
        this.database.transaction(() => this.versions.save(this.lastSequence))();
      }
    } catch {
      // Only a shortcut of the next start is lost: it sorts the log and reads the events instead.
    } finally {
      this.database.close();
    }
  }
}
