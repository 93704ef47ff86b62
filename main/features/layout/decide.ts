import { accept, type Decision, refuse } from '#main/engine/area.ts';
import { faultOf } from '#protocol/model/fault.ts';
import type { LayoutEvent } from '#protocol/model/layout/event.ts';
import type { Layout } from '#protocol/model/layout/state.ts';

/** Everything that can be asked of a layout. */
export interface LayoutCommand {
  readonly type: 'place';
  readonly nodes: Extract<LayoutEvent, { type: 'layout.placed' }>['nodes'];
}

/** Most nodes a graph has a place for: more than tasks and agents a goal may have. */
const MOST_NODES = 20_000;

/** Decides where nodes stand. What stands there already is not told again; of one node named twice, the last holds. */
export function decideLayout(layout: Layout, command: LayoutCommand): Decision<LayoutEvent> {
  const known = new Map(Object.entries(layout.places));
  const moved = new Map<string, LayoutCommand['nodes'][number]>();
  for (const node of command.nodes) moved.set(node.id, node);
  for (const [id, { x, y, pinned }] of moved) {
    const place = known.get(id);
    if (place && place.x === x && place.y === y && place.pinned === pinned) moved.delete(id);
  }
  const fresh = [...moved.keys()].filter((id) => !known.has(id)).length;
  if (known.size + fresh > MOST_NODES) {
    return refuse(
      faultOf(
        'too-many-nodes',
        'The graph is too large.',
        `Places of ${MOST_NODES} nodes are kept.`,
        'Split the work over more goals.',
      ),
    );
  }
  return moved.size === 0 ? accept() : accept({ type: 'layout.placed', nodes: [...moved.values()] });
}
