import type { StoredEvent, StreamSnapshot } from '#main/ports/journal/port.ts';
import { faultOf } from '#protocol/model/fault.ts';
import { type Area, type DecideContext, type Decision, type Order, refuse } from './area.ts';

type AnyEvent = { readonly type: string };
type AnyArea = Area<unknown, unknown, AnyEvent>;

interface Held {
  readonly area: AnyArea;
  state: unknown;
  version: number;
  /** Version the stored snapshot covers. */
  saved: number;
}

/** States of all streams, in memory, equal to a replay of the journal. */
export interface Streams {
  register<State, Command, Event extends AnyEvent>(area: Area<State, Command, Event>): void;
  decide(stream: string, command: unknown, context: DecideContext): Decision<AnyEvent>;
  order(stream: string, event: AnyEvent, meta: { id: string; at: number }): Order | null;
  apply(event: StoredEvent): void;
  restore(snapshot: StreamSnapshot): boolean;
  state(stream: string): unknown;
  version(stream: string): number;
  ids(kind: string): readonly string[];
  /** Snapshots of streams that have grown since the last ones. */
  snapshots(): StreamSnapshot[];
  clear(): void;
}

/** Splits `goal/goal_1` into its kind and its id. */
export function splitStream(stream: string): { readonly kind: string; readonly id: string } {
  const slash = stream.indexOf('/');
  return { kind: stream.slice(0, slash), id: stream.slice(slash + 1) };
}

const WORTH_A_SNAPSHOT = 50;

/** See {@link Streams}. */
export function createStreams(): Streams {
  const areas = new Map<string, AnyArea>();
  const held = new Map<string, Held>();

  const areaOf = (stream: string): AnyArea => {
    const area = areas.get(splitStream(stream).kind);
    if (!area) throw new Error(`no area for stream ${stream}`);
    return area;
  };
  const hold = (stream: string): Held => {
    const found = held.get(stream);
    if (found) return found;
    const area = areaOf(stream);
    return { area, state: area.initial(splitStream(stream).id), version: 0, saved: 0 };
  };

  return {
    register(area) {
      if (areas.has(area.kind)) throw new Error(`area ${area.kind} is registered twice`);
      // Erased on purpose: the typed handle of the same area is the only way in.
      areas.set(area.kind, area as unknown as AnyArea);
    },
    decide(stream, command, context) {
      const { area, state } = hold(stream);
      try {
        return area.decide(state, command, context);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return refuse(faultOf('bug', 'The command could not be decided.', why, 'Please report this with the log.'));
      }
    },
    order: (stream, event, meta) => (held.get(stream)?.area ?? areaOf(stream)).order(event, meta),
    apply(stored) {
      const holder = hold(stored.stream);
      const event = holder.area.decode(stored.type, stored.data);
      holder.state = holder.area.evolve(holder.state, event, stored);
      holder.version = stored.version;
      held.set(stored.stream, holder);
    },
    restore(snapshot) {
      const area = areas.get(splitStream(snapshot.stream).kind);
      if (!area || area.shape !== snapshot.shape) return false;
      const state: unknown = JSON.parse(snapshot.state);
      held.set(snapshot.stream, { area, state, version: snapshot.version, saved: snapshot.version });
      return true;
    },
    state: (stream) => held.get(stream)?.state,
    version: (stream) => held.get(stream)?.version ?? 0,
    ids: (kind) => [...held.keys()].filter((stream) => stream.startsWith(`${kind}/`)).map((s) => splitStream(s).id),
    snapshots() {
      const grown = [...held].filter(([, holder]) => holder.version - holder.saved >= WORTH_A_SNAPSHOT);
      return grown.map(([stream, holder]) => {
        holder.saved = holder.version;
        return { stream, version: holder.version, shape: holder.area.shape, state: JSON.stringify(holder.state) };
      });
    },
    clear: () => held.clear(),
  };
}
