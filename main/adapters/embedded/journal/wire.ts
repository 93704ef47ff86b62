import type { Appended, Batch } from '#main/ports/journal/port.ts';

/**
 * Batches as one flat list. A message between threads costs by the object: a list of plain values is copied several
 * times faster than the same batches as nested objects.
 */
export type Packed = Array<string | number | null>;

/** What became of each batch: the first sequence where it was stored, else the answer itself. */
export type PackedAnswer = Array<number | Appended>;

/** Writes batches into one flat list. */
export function pack(batches: readonly Batch[]): Packed {
  const list: Packed = [];
  for (const { command, stream, expectedVersion, events, payloads, orders, settles } of batches) {
    list.push(command, stream, expectedVersion, events.length, payloads.length, orders.length, settles.length);
    for (const event of events) list.push(event.id, event.type, event.at, event.data);
    for (const payload of payloads) list.push(payload.id, payload.hash, payload.text);
    for (const order of orders) list.push(order.id, order.kind, order.dueAt);
    for (const order of settles) list.push(order);
  }
  return list;
}

/** Reads back what {@link pack} wrote. A value of a wrong type is left for the strict tables to refuse. */
export function unpack(list: Packed): Batch[] {
  let at = 0;
  // The list is what `pack` made of typed batches; nothing else reaches the writer.
  const text = () => list[at++] as string;
  const number = () => list[at++] as number;
  const many = <T>(count: number, one: () => T): T[] => {
    const all: T[] = [];
    for (let index = 0; index < count; index += 1) all.push(one());
    return all;
  };
  const batches: Batch[] = [];
  while (at < list.length) {
    const [command, stream, expectedVersion] = [text(), text(), number()];
    const [events, payloads, orders, settles] = [number(), number(), number(), number()];
    batches.push({
      command,
      stream,
      expectedVersion,
      events: many(events, () => ({ id: text(), type: text(), at: number(), data: text() })),
      payloads: many(payloads, () => ({ id: text(), hash: text(), text: text() })),
      orders: many(orders, () => ({ id: text(), kind: text(), dueAt: list[at++] as number | null })),
      settles: many(settles, text),
    });
  }
  return batches;
}

/** Shortens answers: that a batch was stored is one number. */
export function packAnswers(answers: readonly Appended[]): PackedAnswer {
  return answers.map((answer) => (answer.kind === 'appended' ? answer.firstSequence : answer));
}

/** Reads one answer of {@link packAnswers}. */
export function unpackAnswer(answer: number | Appended): Appended {
  return typeof answer === 'number' ? { kind: 'appended', firstSequence: answer } : answer;
}
