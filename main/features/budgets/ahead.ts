import type { CallOutcome } from '#main/ports/call-authority/port.ts';
import type { Budgets, OpenCall } from '#protocol/model/budget/state.ts';
import type { ReserveCommand } from './decide.ts';

/** What reserving ahead needs. */
export interface AheadParts {
  readonly after: (ms: number, run: () => void) => () => void;
  readonly newId: (prefix: string) => string;
}

/**
 * Reservations for calls that have not come yet. They are reservations like any other (stored before they count, below
 * every cap, seen by everybody), and are given back when nothing uses them. After a crash they are charged, as every
 * reservation is of which nobody knows whether its call left.
 */
export interface Aheads {
  /** The stored reservation that now is this call's, or undefined where none covers it whole. */
  take(call: ReserveCommand, promptTokens: number): Promise<OpenCall | undefined>;
  /** A call was granted a reservation of its own. */
  granted(call: ReserveCommand, promptTokens: number): void;
  /** What an outcome settles, and the reservation to make with it; `stored` is told when that is over. */
  settling(outcome: CallOutcome): {
    readonly call: string;
    readonly next?: ReserveCommand;
    readonly stored?: (over: Promise<void>) => void;
  };
  /** True where something is reserved ahead that no call has taken. */
  any(): boolean;
  /** Gives back everything that no call has taken, of one node or of all. */
  release(node?: string): Promise<void>;
  /** The same, and reserves nothing ahead for it until it is opened again. */
  close(node?: string): Promise<void>;
  open(node: string): void;
}

interface Ahead {
  readonly command: ReserveCommand;
  readonly stored: Promise<void>;
  readonly cancelTimer: () => void;
}

interface Calling {
  readonly command: ReserveCommand;
  readonly promptTokens: number;
  readonly reservation: string;
}

/** An agent that has not called again by then may not for long: others may need the money. */
const UNUSED_MS = 10_000;
/** How many tokens a prompt may grow by from one call to the next and still be covered. */
const GROWTH_TOKENS = 16_384;

function keyOf(command: ReserveCommand): string {
  return `${command.node}\n${command.agent}\n${command.model}`;
}

function covers(ahead: ReserveCommand, call: ReserveCommand): boolean {
  return (
    call.maxTokens <= ahead.maxTokens &&
    call.promptNanos <= ahead.promptNanos &&
    call.outputNanosPerToken <= ahead.outputNanosPerToken
  );
}

/** See {@link Aheads}. At most one a run and model waits to be used. */
export function createAheads(
  parts: AheadParts,
  state: () => Budgets,
  giveBack: (calls: readonly string[]) => Promise<unknown>,
): Aheads {
  const ready = new Map<string, Ahead>();
  const calling = new Map<string, Calling>();
  const closed = new Set<string>();
  let allClosed = false;

  const drop = async (found: ReadonlyArray<[string, Ahead]>): Promise<void> => {
    for (const [key, ahead] of found) {
      ready.delete(key);
      ahead.cancelTimer();
    }
    await Promise.all(found.map(([, { stored }]) => stored));
    const calls = found.map(([, { command }]) => command.call).filter((call) => state().open[call]);
    if (calls.length > 0) await giveBack(calls);
  };
  const release = (node?: string) =>
    drop([...ready].filter(([, { command }]) => node === undefined || command.node === node));

  return {
    async take(command, promptTokens) {
      const key = keyOf(command);
      const ahead = ready.get(key);
      if (!ahead) return undefined;
      if (!covers(ahead.command, command)) {
        void drop([[key, ahead]]);
        return undefined;
      }
      ready.delete(key);
      ahead.cancelTimer();
      await ahead.stored;
      const open = state().open[ahead.command.call];
      if (open) calling.set(command.call, { command, promptTokens, reservation: open.call });
      return open;
    },
    granted(command, promptTokens) {
      calling.set(command.call, { command, promptTokens, reservation: command.call });
    },
    settling(outcome) {
      const call = calling.get(outcome.call);
      calling.delete(outcome.call);
      if (!call) return { call: outcome.call };
      const { command, promptTokens, reservation } = call;
      const key = keyOf(command);
      const over = allClosed || closed.has(command.node);
      if (outcome.status !== 'completed' || over || ready.has(key)) return { call: reservation };
      const growth = promptTokens === 0 ? 0 : Math.ceil((command.promptNanos / promptTokens) * GROWTH_TOKENS);
      const next: ReserveCommand = {
        ...command,
        call: parts.newId('ahead'),
        promptNanos: command.promptNanos + growth,
        whole: true,
      };
      const stored = (settled: Promise<void>) => {
        const cancelTimer = parts.after(UNUSED_MS, () => {
          const ahead = ready.get(key);
          if (ahead?.command === next) void drop([[key, ahead]]);
        });
        ready.set(key, { command: next, stored: settled, cancelTimer });
      };
      return { call: reservation, next, stored };
    },
    any: () => ready.size > 0,
    release,
    async close(node) {
      if (node === undefined) allClosed = true;
      else closed.add(node);
      await release(node);
    },
    open: (node) => void closed.delete(node),
  };
}
