import { err, ok, type Result } from '#main/platform/result.ts';
import { userEnvironment } from '#main/platform/user-environment.ts';
import type { TerminalOpener, TerminalProcess } from '#main/ports/terminal/port.ts';
import type { TerminalOutput } from '#protocol/contract/review.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { createRing, type Ring } from './ring.ts';
import { shellOf } from './shell.ts';

/** The CEO's own shells. */
export interface Terminals {
  /** Opens a shell in a folder; the value is its id. Fails with `too-many-terminals` or `no-terminal`. */
  open(folder: string, columns: number, rows: number): Promise<Result<string, Fault>>;
  /** What it printed after a sequence number that is still kept, then what follows; `ended` is last. */
  output(id: string, after: number, signal: AbortSignal | undefined): Result<AsyncGenerator<TerminalOutput>, Fault>;
  /** False when it is over. */
  input(id: string, data: string): boolean;
  resize(id: string, columns: number, rows: number): boolean;
  /** Ends it and forgets what it printed. False when there is none. */
  close(id: string): Promise<boolean>;
  /** Ends them all. */
  closeAll(): Promise<void>;
}

/** What {@link createTerminals} needs. */
export interface TerminalParts {
  readonly opener: TerminalOpener;
  readonly newId: (prefix: string) => string;
  readonly after: (ms: number, run: () => void) => () => void;
  /** The operator's environment. */
  readonly env: NodeJS.ProcessEnv;
}

const MOST = 8;
const KEPT = 1024 * 1024;
/** What is printed within a frame goes out together. */
const TOGETHER_MS = 16;
/** Within a frame nobody reads more than this: the program then waits. */
const MOST_TOGETHER = 256 * 1024;
const HANG_UP_MS = 1_500;

interface Held {
  readonly ring: Ring;
  readonly watchers: Set<() => void>;
  process: TerminalProcess | null;
  waiting: string[];
  size: number;
  ended: { readonly exitCode: number | null } | null;
}

/** See {@link Terminals}. */
export function createTerminals({ opener, newId, after, env }: TerminalParts): Terminals {
  const terminals = new Map<string, Held>();
  const wake = (held: Held) => {
    for (const watcher of held.watchers) watcher();
  };

  function flush(held: Held): void {
    if (held.size === 0) return;
    if (held.size > MOST_TOGETHER) held.process?.resume();
    held.ring.add(held.waiting.join(''));
    held.waiting = [];
    held.size = 0;
    wake(held);
  }

  function hear(held: Held, data: string): void {
    if (data === '') return;
    if (held.size === 0) after(TOGETHER_MS, () => flush(held));
    held.waiting.push(data);
    const before = held.size;
    held.size += data.length;
    if (before <= MOST_TOGETHER && held.size > MOST_TOGETHER) held.process?.pause();
  }

  function end(held: Held, exitCode: number | null): void {
    flush(held);
    held.ended = { exitCode };
    held.process = null;
    wake(held);
  }

  /** Hangs up and, where that is not heard, kills. */
  function finish(held: Held): Promise<void> {
    const { process } = held;
    if (!process) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = after(HANG_UP_MS, () => process.kill());
      const look = () => {
        if (!held.ended) return;
        cancel();
        held.watchers.delete(look);
        resolve();
      };
      held.watchers.add(look);
      // A program that is not read cannot end.
      process.resume();
      process.hangUp();
    });
  }

  async function* follow(held: Held, from: number, signal: AbortSignal | undefined): AsyncGenerator<TerminalOutput> {
    let sequence = from;
    let heard: () => void = () => undefined;
    const watcher = () => heard();
    held.watchers.add(watcher);
    signal?.addEventListener('abort', watcher);
    try {
      while (!signal?.aborted) {
        const piece = held.ring.after(sequence);
        if (piece) {
          sequence = piece.sequence;
          yield { kind: 'data', ...piece };
        } else if (held.ended) {
          yield { kind: 'ended', exitCode: held.ended.exitCode };
          return;
        } else {
          await new Promise<void>((resolve) => {
            heard = resolve;
          });
        }
      }
    } finally {
      held.watchers.delete(watcher);
      signal?.removeEventListener('abort', watcher);
    }
  }

  /** Room for one more: what is over goes first. */
  function makeRoom(): boolean {
    for (const [id, held] of terminals) if (terminals.size >= MOST && held.ended) terminals.delete(id);
    return terminals.size < MOST;
  }

  return {
    async open(folder, columns, rows) {
      if (!makeRoom())
        return err(
          faultOf('too-many-terminals', `${MOST} terminals are open already.`, 'Each is a shell.', 'Close one first.'),
        );
      const id = newId('term');
      const held: Held = {
        ring: createRing(KEPT),
        watchers: new Set(),
        process: null,
        waiting: [],
        size: 0,
        ended: null,
      };
      terminals.set(id, held);
      const request = { ...shellOf(env), cwd: folder, env: userEnvironment(env), columns, rows };
      const opened = await opener.open(request, {
        onData: (data) => hear(held, data),
        onEnd: (exitCode) => end(held, exitCode),
      });
      if (!opened.ok) {
        terminals.delete(id);
        return opened;
      }
      if (!held.ended) held.process = opened.value;
      return ok(id);
    },
    output(id, from, signal) {
      const held = terminals.get(id);
      if (held) return ok(follow(held, from, signal));
      const why = 'It was closed, or AIOS was started anew.';
      return err(faultOf('no-such-terminal', 'There is no such terminal.', why, 'Open a new one.'));
    },
    input(id, data) {
      const process = terminals.get(id)?.process;
      process?.write(data);
      return process != null;
    },
    resize(id, columns, rows) {
      const process = terminals.get(id)?.process;
      process?.resize(columns, rows);
      return process != null;
    },
    async close(id) {
      const held = terminals.get(id);
      if (!held) return false;
      terminals.delete(id);
      await finish(held);
      return true;
    },
    async closeAll() {
      const all = [...terminals.values()];
      terminals.clear();
      await Promise.all(all.map(finish));
    },
  };
}
