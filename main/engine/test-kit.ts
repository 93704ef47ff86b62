import type { Clock } from '#main/platform/clock.ts';
import type { Batch, Journal } from '#main/ports/journal/port.ts';
import { faultOf } from '#protocol/model/fault.ts';
import type { PayloadRef } from '#protocol/model/payload.ts';
import { type Area, accept, refuse } from './area.ts';

/** A clock that stands until it is told. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
  /** Timers that are set now. */
  pending(): number;
}

/** Makes a {@link ManualClock}. */
export function manualClock(start = 1_000_000): ManualClock {
  let now = start;
  let timers: Array<{ due: number; run: () => void }> = [];
  return {
    now: () => now,
    monotonic: () => now,
    after(ms, run) {
      const timer = { due: now + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    advance(ms) {
      now += ms;
      const due = timers.filter((timer) => timer.due <= now);
      timers = timers.filter((timer) => timer.due > now);
      for (const timer of due) timer.run();
    },
    pending: () => timers.length,
  };
}

/** What can be asked of a counter. */
export type CounterCommand =
  | { readonly type: 'add'; readonly by: number; readonly note: string; readonly order: 'none' | 'now' | number }
  | { readonly type: 'report'; readonly of: string }
  | { readonly type: 'nothing' };

/** What happens to a counter. */
export type CounterEvent =
  | { readonly type: 'added'; readonly by: number; readonly note: PayloadRef; readonly order: 'none' | 'now' | number }
  | { readonly type: 'reported'; readonly of: string };

/** A counter, and the effects that reported to it. */
export interface Counter {
  readonly id: string;
  readonly total: number;
  readonly reports: readonly string[];
  readonly sequence: number;
}

/** Smallest area with everything: refusals, payloads, effects at once and later, reports. */
export function counterArea(shape = 1): Area<Counter, CounterCommand, CounterEvent> {
  return {
    kind: 'counter',
    shape,
    initial: (id) => ({ id, total: 0, reports: [], sequence: 0 }),
    decide(state, command, context) {
      if (command.type === 'nothing') return accept();
      if (command.type === 'report') return accept<CounterEvent>({ type: 'reported', of: command.of });
      if (state.total + command.by < 0) return refuse(faultOf('negative', 'No.', 'Below zero.', 'Add less.'));
      return accept<CounterEvent>({
        type: 'added',
        by: command.by,
        note: context.keep(command.note),
        order: command.order,
      });
    },
    evolve(state, event, meta) {
      if (event.type === 'reported')
        return { ...state, reports: [...state.reports, event.of], sequence: meta.sequence };
      return { ...state, total: state.total + event.by, sequence: meta.sequence };
    },
    order(event, meta) {
      if (event.type !== 'added' || event.order === 'none') return null;
      return { kind: 'counter.effect', dueAt: event.order === 'now' ? null : meta.at + event.order };
    },
    decode: (type, data) => ({ type, ...(data as object) }) as CounterEvent,
  };
}

/** How the next append fails: before it is stored, or after, so that only the acknowledgement is lost. */
export type Failing = 'never' | 'before' | 'after';

/** A journal whose writes fail on order. */
export function failingJournal(inner: Journal): {
  journal: Journal;
  fail(how: Failing): void;
  failOpen(times: number): void;
} {
  let next: Failing = 'never';
  let opensToFail = 0;
  return {
    fail(how) {
      next = how;
    },
    failOpen(times) {
      opensToFail = times;
    },
    journal: {
      ...inner,
      open() {
        if (opensToFail > 0) {
          opensToFail -= 1;
          return Promise.reject(new Error('still no space left'));
        }
        return inner.open();
      },
      async append(batch: Batch, onCommitted) {
        const how = next;
        next = 'never';
        if (how === 'before') throw new Error('no space left on device');
        if (how === 'after') {
          await inner.append(batch, () => undefined);
          throw new Error('the writer vanished');
        }
        return inner.append(batch, onCommitted);
      },
    },
  };
}
