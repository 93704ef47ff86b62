import { type Carrier, processCarrier, threadCarrier } from './carrier.ts';
import type { ForkEnd, ForkOrder, FromSpawner, ToSpawner } from './messages.ts';
import type { ProcessEnd, ProcessOrder } from './run-process.ts';

export { type ProcessEnd, type ProcessStart, type RunningProcess, startProcess } from './run-process.ts';

/** Hears of one process; `null` when the spawner is gone, and with it the line to the process. */
type Hear = (message: FromSpawner | null) => void;

interface Spawner {
  readonly carrier: Carrier;
  readonly hearing: Map<number, Hear>;
}

/** A forked program and the line to it. */
export interface Forked {
  /** Undefined when it never started. */
  readonly pid: number | undefined;
  /** Resolves when it is gone, or can be heard no more. */
  readonly ended: Promise<ForkEnd>;
  /** Hears what it says, from its first word; there is one listener. */
  onMessage(listener: (message: unknown) => void): void;
  /** A program that is gone hears nothing; that is no error. */
  send(message: unknown): void;
}

const ENTRY = new URL('./entry.ts', import.meta.url);
/** A desktop shell cannot be started again as a plain Node. */
const hasNode = process.versions['electron'] === undefined;
const LOST: ForkEnd = { code: null, signal: null, stderr: '' };

let spawner: Spawner | undefined;
let ids = 0;

function begin(): Spawner {
  const hearing = new Map<number, Hear>();
  const listener = {
    told(message: FromSpawner) {
      const hear = hearing.get(message.id);
      if (message.kind === 'ran' || message.kind === 'ended') hearing.delete(message.id);
      // Only what runs keeps this process alive.
      if (hearing.size === 0) begun.carrier.unref();
      hear?.(message);
    },
    gone() {
      if (spawner === begun) spawner = undefined;
      const all = [...hearing.values()];
      hearing.clear();
      for (const hear of all) hear(null);
    },
  };
  const begun: Spawner = { carrier: (hasNode ? processCarrier : threadCarrier)(ENTRY, listener), hearing };
  return begun;
}

/** Gives an order to the spawner, which is started for the first one; returns how to say more. */
function give(make: (id: number) => ToSpawner, hear: Hear): (message: unknown) => void {
  spawner ??= begin();
  const { carrier, hearing } = spawner;
  ids += 1;
  const id = ids;
  hearing.set(id, hear);
  carrier.ref();
  carrier.send(make(id));
  return (message) => {
    if (hearing.has(id)) carrier.send({ kind: 'say', id, message });
  };
}

/**
 * Runs a program to its end from a small process of its own. Starting a process copies the page tables of the one that
 * starts it, and whichever thread does that, all its threads wait: some 40 ms from a process of 250 MB, 5 to 10 from a
 * small one.
 */
export function runElsewhere(order: ProcessOrder): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    give(
      (id) => ({ kind: 'run', id, order }),
      (message) => {
        if (message === null) resolve({ code: -1, stdout: new Uint8Array(), stderr: '', problem: 'spawn' });
        else if (message.kind === 'ran') resolve(message.end);
      },
    );
  });
}

/** Forks a Node program from that process. The program's line closes when this process, or that one, is gone. */
export function forkElsewhere(order: ForkOrder): Promise<Forked> {
  const { promise: ended, resolve: end } = Promise.withResolvers<ForkEnd>();
  const early: unknown[] = [];
  let listener: (message: unknown) => void = (message) => void early.push(message);
  return new Promise((resolve) => {
    const answer = (pid: number | undefined) =>
      resolve({
        pid,
        ended,
        onMessage(heard) {
          listener = heard;
          for (const message of early.splice(0)) heard(message);
        },
        send: (message) => say(message),
      });
    const say = give(
      (id) => ({ kind: 'fork', id, order }),
      (message) => {
        if (message?.kind === 'forked') return answer(message.pid);
        if (message?.kind === 'heard') return listener(message.message);
        end(message?.kind === 'ended' ? message.end : LOST);
        // For one that never started this is the first word.
        answer(undefined);
      },
    );
  });
}
