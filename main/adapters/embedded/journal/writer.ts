import { randomBytes } from 'node:crypto';
import Database from 'better-sqlite3';
import { failpoint } from '#main/platform/failpoint.ts';
import type {
  Appended,
  Batch,
  Opened,
  OpenOrder,
  Receipt,
  StoredEvent,
  StreamSnapshot,
} from '#main/ports/journal/port.ts';
import { chain, GENESIS } from './chain.ts';
import { Rows } from './rows.ts';
import { MIGRATIONS, PRAGMAS, SCHEMA, SCHEMA_VERSION, SQLITE_MINIMUM } from './schema.ts';
import { eventJson, prepareStatements } from './statements.ts';
import { StreamVersions } from './versions.ts';

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
  private checkpointed = 0;
  private before = { sequence: 0, hash: GENESIS as Buffer };
  private failed: unknown;
  private readonly events: Rows;
  private readonly payloadRows: Rows;
  private readonly orders: Rows;
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
      this.events = new Rows(this.database, 'INSERT INTO events VALUES', 10);
      this.payloadRows = new Rows(this.database, 'INSERT OR IGNORE INTO payloads VALUES', 3);
      this.orders = new Rows(this.database, 'INSERT INTO orders VALUES', 6);
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
    this.checkpointed = this.lastSequence;
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
    this.before = { sequence: this.lastSequence, hash: this.lastHash };
    this.statements.begin.run();
  }

  /** Stores batches in the open transaction. A duplicate or a conflict stores nothing; the others do. */
  append(batches: readonly Batch[]): Appended[] {
    return batches.map((batch) => this.appendOne(batch));
  }

  /** Makes everything since `begin` durable. */
  commit(): void {
    for (const rows of [this.events, this.payloadRows, this.orders]) rows.flush();
    if (this.versions.due(this.lastSequence)) this.versions.save(this.lastSequence);
    failpoint('mid-transaction');
    this.statements.commit.run();
    failpoint('after-commit');
  }

  /** Undoes everything since `begin`. The caller reopens: what it was told is void. */
  rollback(cause: unknown): void {
    this.failed ??= cause;
    for (const rows of [this.events, this.payloadRows, this.orders]) rows.drop();
    this.lastSequence = this.before.sequence;
    this.lastHash = this.before.hash;
    if (this.database.inTransaction) this.statements.rollback.run();
  }

  private appendOne(batch: Batch): Appended {
    const version = this.versions.get(batch.stream);
    const firstSequence = this.lastSequence + 1;
    const stale = batch.events.length > 0 && version !== batch.expectedVersion;
    if (stale) {
      const receipt = this.receipt(batch.command);
      return receipt ? { kind: 'duplicate', receipt } : { kind: 'conflict', version };
    }
    const lastSequence = this.lastSequence + batch.events.length;
    const added = this.statements.addReceipt.run(batch.command, batch.stream, firstSequence, lastSequence);
    if (added.changes === 0) return { kind: 'duplicate', receipt: this.mustHaveReceipt(batch.command) };
    this.insertEvents(batch, version);
    for (const payload of batch.payloads) this.payloadRows.push(payload.id, payload.hash, payload.text);
    for (const order of batch.orders) {
      const sequence = firstSequence + batch.events.findIndex((event) => event.id === order.id);
      this.orders.push(order.id, order.kind, batch.stream, sequence, this.epoch, order.dueAt);
    }
    // What is settled may have been ordered in this transaction.
    if (batch.settles.length > 0) this.orders.flush();
    for (const order of batch.settles) this.statements.settle.run(order);
    return { kind: 'appended', firstSequence };
  }

  private mustHaveReceipt(command: string): Receipt {
    const receipt = this.receipt(command);
    if (!receipt) throw new Error(`the receipt of ${command} is missing`);
    return receipt;
  }

  private insertEvents(batch: Batch, from: number): void {
    let version = from;
    for (const event of batch.events) {
      version += 1;
      const row = {
        sequence: this.lastSequence + 1,
        id: event.id,
        stream: batch.stream,
        version,
        type: event.type,
        at: event.at,
        epoch: this.epoch,
        command: batch.command,
        data: event.data,
      };
      const hash = chain(this.lastHash, row);
      this.events.push(
        row.sequence,
        row.id,
        row.stream,
        version,
        row.type,
        row.at,
        row.epoch,
        row.command,
        row.data,
        hash,
      );
      this.lastSequence = row.sequence;
      this.lastHash = hash;
    }
    if (batch.events.length > 0) this.versions.set(batch.stream, version);
  }

  /** See the port. */
  receipt(command: string): Receipt | undefined {
    const row = this.statements.receipt.get(command);
    return row && { command, stream: row.stream, firstSequence: row.first_sequence, lastSequence: row.last_sequence };
  }

  /** A JSON array of stored events. */
  read(after: number, limit: number): string {
    const rows = this.statements.read.all(after, limit);
    return `[${rows.map(eventJson).join(',')}]`;
  }

  /** See the port. */
  openOrders(): OpenOrder[] {
    return this.statements.orders.all().map((row) => ({
      id: row.order_id,
      kind: row.kind,
      dueAt: row.due_at,
      stream: row.stream,
      epoch: row.order_epoch,
      event: JSON.parse(eventJson(row)) as StoredEvent,
    }));
  }

  /** See the port. */
  payloads(ids: readonly string[]): Array<[string, string]> {
    const found: Array<[string, string]> = [];
    for (const id of ids) {
      const text = this.statements.readPayload.get(id);
      if (typeof text === 'string') found.push([id, text]);
    }
    return found;
  }

  /** See the port. */
  forget(ids: readonly string[]): void {
    this.database.transaction(() => {
      for (const id of ids) this.statements.forget.run(id);
    })();
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

  /** Moves the log into the database, as far as it goes at once; to be called when nothing waits. */
  checkpoint(): void {
    if (this.failed !== undefined || this.lastSequence === this.checkpointed) return;
    this.database.pragma('wal_checkpoint(PASSIVE)');
    this.checkpointed = this.lastSequence;
  }

  /** Checkpoints and releases the file. */
  close(): void {
    try {
      if (this.opened && this.failed === undefined) {
        this.database.transaction(() => this.versions.save(this.lastSequence))();
      }
    } catch {
      // Only a shortcut of the next start is lost: it reads the events instead.
    } finally {
      this.database.close();
    }
  }
}
