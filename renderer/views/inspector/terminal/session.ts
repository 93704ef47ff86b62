import type { TerminalOutput } from '#protocol/contract/review.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { ask } from '../../../store/send.ts';

/** What a terminal's session tells whoever shows it. */
export interface TerminalEvents {
  readonly onData: (data: string) => void;
  readonly onEnded: (exitCode: number | null) => void;
  readonly onFault: (fault: Fault) => void;
}

/** A shell in a workspace that outlives this page. */
export interface TerminalSession {
  write(data: string): void;
  resize(columns: number, rows: number): void;
  /** Stops listening; the shell goes on. */
  detach(): void;
}

const keyOf = (attempt: string) => `aios.terminal.${attempt}`;

/** Forgets the shell of an attempt, so that the next session opens a new one. */
export function forgetTerminal(attempt: string): void {
  sessionStorage.removeItem(keyOf(attempt));
}

/** Ends the shell of an attempt. */
export async function closeTerminal(attempt: string): Promise<void> {
  const terminal = sessionStorage.getItem(keyOf(attempt));
  forgetTerminal(attempt);
  if (terminal !== null) await ask((client) => client.terminal.close({ terminal }));
}

/** Where a shell is wanted, and how large. */
export interface TerminalPlace {
  readonly goal: string;
  readonly attempt: string;
  readonly columns: number;
  readonly rows: number;
}

async function listen(terminal: string, events: TerminalEvents, signal: AbortSignal): Promise<Fault | null> {
  // Everything it printed comes again, so that the screen is as it was.
  const heard = await ask(async (client) => {
    const output: AsyncIterable<TerminalOutput> = await client.terminal.output({ terminal, after: 0 }, { signal });
    for await (const piece of output) {
      if (piece.kind === 'data') events.onData(piece.data);
      else events.onEnded(piece.exitCode);
    }
  });
  return heard.ok || signal.aborted ? null : heard.error;
}

/** Attaches to the shell of an attempt: to the one this window had before a reload, else to a new one. */
export function attachTerminal(place: TerminalPlace, events: TerminalEvents): TerminalSession {
  const { goal, attempt, columns, rows } = place;
  const abort = new AbortController();
  let terminal: string | null = sessionStorage.getItem(keyOf(attempt));
  let waiting = '';
  let sending = false;

  async function flush(): Promise<void> {
    if (sending || terminal === null) return;
    sending = true;
    // What is typed while a piece is on its way goes with the next, in order.
    while (waiting !== '' && !abort.signal.aborted) {
      const data = waiting.slice(0, 50_000);
      waiting = waiting.slice(data.length);
      const id = terminal;
      const sent = await ask((client) => client.terminal.input({ terminal: id, data }));
      if (!sent.ok) events.onFault(sent.error);
    }
    sending = false;
  }

  async function open(): Promise<string | null> {
    const opened = await ask((client) => client.terminal.open({ goal, attempt, columns, rows }));
    if (abort.signal.aborted) return null;
    if (!opened.ok) {
      events.onFault(opened.error);
      return null;
    }
    sessionStorage.setItem(keyOf(attempt), opened.value.terminal);
    return opened.value.terminal;
  }

  void (async () => {
    if (terminal !== null) {
      const known = terminal;
      void ask((client) => client.terminal.resize({ terminal: known, columns, rows }));
      const fault = await listen(known, events, abort.signal);
      if (fault === null || abort.signal.aborted) return;
      // It is gone, as after a restart; without a connection it is tried again when there is one.
      if (fault.tag === 'offline') return events.onFault(fault);
      forgetTerminal(attempt);
      terminal = null;
    }
    terminal = await open();
    if (terminal === null) return;
    void flush();
    const fault = await listen(terminal, events, abort.signal);
    if (fault) events.onFault(fault);
  })();

  return {
    write(data) {
      waiting += data;
      void flush();
    },
    resize(wide, high) {
      const id = terminal;
      if (id !== null) void ask((client) => client.terminal.resize({ terminal: id, columns: wide, rows: high }));
    },
    detach: () => abort.abort(),
  };
}
