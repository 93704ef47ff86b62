import type Database from 'better-sqlite3';

/** Rows written by one statement; what is left goes with the smaller ones. */
const SIZES = [16, 4, 1] as const;

/**
 * Rows of one table that wait for the end of their transaction and are then inserted many at a time: a statement of
 * sixteen rows costs half of sixteen statements.
 */
export class Rows {
  private values: unknown[] = [];
  private readonly columns: number;
  private readonly statements: ReadonlyArray<readonly [number, Database.Statement<unknown[]>]>;

  /** `insert` is the statement up to its rows, such as `INSERT INTO t VALUES`. */
  constructor(database: Database.Database, insert: string, columns: number) {
    this.columns = columns;
    const row = `(${Array(columns).fill('?').join(', ')})`;
    this.statements = SIZES.map((size) => [size, database.prepare(`${insert} ${Array(size).fill(row).join(', ')}`)]);
  }

  /** One value a column. */
  push(...row: unknown[]): void {
    for (const value of row) this.values.push(value);
  }

  /** Inserts what waits. */
  flush(): void {
    let at = 0;
    for (const [size, statement] of this.statements) {
      const length = size * this.columns;
      for (; this.values.length - at >= length; at += length) statement.run(this.values.slice(at, at + length));
    }
    this.values = [];
  }

  /** Forgets what waits. */
  drop(): void {
    this.values = [];
  }
}
