import type { Appended, Batch } from '#main/ports/journal/port.ts';

/**
 * Batches as one text: a line of numbers, then all strings one after the other. It crosses between threads and goes into
 * the log as it is, and nothing in it has to be escaped or searched; several, one after the other, are read like one.
 */
export type Packed = string;

/** What became of each batch: the first sequence where it was stored, else the answer itself. */
export type PackedAnswer = Array<number | Appended>;

/** Between numbers, for no number, after the last one, and before what is said instead. */
const [NEXT, NONE, END, WRONG] = [' ', '-', '\n', '!'];

/**
 * Writes batches into one text. Where a value has a wrong type, that is a bug of whoever decided: the text then says so,
 * and reading it throws, so that it fails like any write that the disk refuses.
 */
export function pack(batches: readonly Batch[]): Packed {
  let numbers = '';
  let strings = '';
  let wrong = '';
  const number = (value: number) => {
    if (!Number.isSafeInteger(value)) wrong = `${value} is no whole number`;
    numbers += NEXT + value;
  };
  const text = (value: string) => {
    if (typeof value !== 'string') wrong = `${String(value)} is no text`;
    // Half of a pair of surrogates would have another length when it comes back from the disk.
    const stored = String(value).toWellFormed();
    numbers += NEXT + stored.length;
    strings += stored;
  };
  for (const { command, stream, expectedVersion, events, payloads, orders, settles } of batches) {
    for (const value of [expectedVersion, events.length, payloads.length, orders.length, settles.length]) number(value);
    text(command);
    text(stream);
    for (const { id, type, at, data } of events) {
      number(at);
      text(id);
      text(type);
      text(data);
    }
    for (const payload of payloads) {
      text(payload.id);
      text(payload.hash);
      text(payload.text);
    }
    for (const { id, kind, dueAt } of orders) {
      if (dueAt === null) numbers += NEXT + NONE;
      else number(dueAt);
      text(id);
      text(kind);
    }
    for (const order of settles) text(order);
  }
  return wrong === '' ? numbers.slice(NEXT.length) + END + strings : WRONG + wrong;
}

/** Reads back what {@link pack} wrote. Throws where it could not be written. */
export function unpack(packed: Packed): Batch[] {
  const batches: Batch[] = [];
  for (let from = 0; from < packed.length; ) {
    if (packed.startsWith(WRONG, from)) throw new TypeError(packed.slice(from + WRONG.length));
    const end = packed.indexOf(END, from);
    const numbers = packed.slice(from, end).split(NEXT);
    from = unpackOne({ packed, numbers, at: end + END.length, next: 0 }, batches);
  }
  return batches;
}

/** How far one text was read: its next string begins at `at`, its next number is `numbers[next]`. */
interface Reading {
  readonly packed: Packed;
  readonly numbers: readonly string[];
  at: number;
  next: number;
}

/** Reads all that the numbers describe; returns where it ends. */
function unpackOne(reading: Reading, into: Batch[]): number {
  const { packed, numbers } = reading;
  const take = () => {
    reading.next += 1;
    return numbers[reading.next - 1];
  };
  const number = () => Number(take());
  const due = () => {
    const found = take();
    return found === NONE ? null : Number(found);
  };
  const text = () => {
    const from = reading.at;
    reading.at += number();
    return packed.slice(from, reading.at);
  };
  const many = <T>(count: number, one: () => T): T[] => {
    const all: T[] = [];
    for (let index = 0; index < count; index += 1) all.push(one());
    return all;
  };
  while (reading.next < numbers.length) {
    const [expectedVersion, events, payloads, orders, settles] = [number(), number(), number(), number(), number()];
    into.push({
      expectedVersion,
      command: text(),
      stream: text(),
      events: many(events, () => ({ at: number(), id: text(), type: text(), data: text() })),
      payloads: many(payloads, () => ({ id: text(), hash: text(), text: text() })),
      orders: many(orders, () => ({ dueAt: due(), id: text(), kind: text() })),
      settles: many(settles, text),
    });
  }
  return reading.at;
}

/** Shortens an answer: that a batch was stored is one number. */
export function packAnswer(answer: Appended): number | Appended {
  return answer.kind === 'appended' ? answer.firstSequence : answer;
}

/** Reads one answer of {@link packAnswer}. */
export function unpackAnswer(answer: number | Appended): Appended {
  return typeof answer === 'number' ? { kind: 'appended', firstSequence: answer } : answer;
}
