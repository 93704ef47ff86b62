import type { Area } from '#main/engine/area.ts';
import { type LayoutEvent, layoutEvent } from '#protocol/model/layout/event.ts';
import { emptyLayout, evolveLayout, type Layout } from '#protocol/model/layout/state.ts';
import { decideLayout, type LayoutCommand } from './decide.ts';

/** Streams `layout/<goal>`: where the nodes of a goal's graph stand. */
export const layoutArea: Area<Layout, LayoutCommand, LayoutEvent> = {
  kind: 'layout',
  shape: 1,
  initial: emptyLayout,
  decide: decideLayout,
  evolve: (layout, event) => evolveLayout(layout, event),
  order: () => null,
  decode: (type, data) => layoutEvent.parse({ type, ...(data as object) }),
};
