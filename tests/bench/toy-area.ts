import { type Area, accept } from '#main/engine/area.ts';
import type { PayloadRef } from '#protocol/model/payload.ts';

type ToyEvent = { readonly type: 'noted'; readonly body: PayloadRef; readonly count: number };

/** Smallest area that exercises a whole command: event, payload, receipt and outbox row. */
export const toyArea: Area<{ count: number }, { type: 'note'; text: string } | { type: 'nothing' }, ToyEvent> = {
  kind: 'toy',
  shape: 1,
  initial: () => ({ count: 0 }),
  decide: (state, command, context) =>
    command.type === 'note'
      ? accept({ type: 'noted', body: context.keep(command.text), count: state.count + 1 })
      : accept(),
  evolve: (state) => ({ count: state.count + 1 }),
  order: (_event, meta) => ({ kind: 'toy.effect', dueAt: meta.at + 3_600_000 }),
  decode: (type, data) => ({ type, ...(data as object) }) as ToyEvent,
};
