import type { Fault } from '#protocol/model/fault.ts';
import type { PayloadRef } from '#protocol/model/payload.ts';

/** What a decision may use besides state and command; all of it injected, so that deciding stays pure. */
export interface DecideContext {
  /** Wall-clock milliseconds. */
  readonly now: number;
  readonly newId: (prefix: string) => string;
  /** Keeps a text beside the events and returns the reference that events may hold. */
  readonly keep: (text: string) => PayloadRef;
  /** The current start of the orchestrator. */
  readonly epoch: number;
}

/** What a command leads to: events, or a refusal that changes nothing. */
export type Decision<Event> =
  | { readonly kind: 'events'; readonly events: readonly Event[] }
  | { readonly kind: 'refused'; readonly fault: Fault };

/** Accepts a command with these events; none means there was nothing left to do. */
export function accept<Event>(...events: Event[]): Decision<Event> {
  return { kind: 'events', events };
}

/** Refuses a command. */
export function refuse(fault: Fault): Decision<never> {
  return { kind: 'refused', fault };
}

/** The effect an event orders, if any. The event's id is the effect's key. */
export interface Order {
  readonly kind: string;
  /** Wall-clock milliseconds; null performs at once. */
  readonly dueAt: number | null;
}

/** An event as `evolve` sees it: its data with when, in which epoch and under which id it was stored. */
export interface EventMeta {
  readonly id: string;
  readonly at: number;
  readonly epoch: number;
  readonly sequence: number;
}

/** One kind of stream: its pure rules. */
export interface Area<State, Command, Event extends { readonly type: string }> {
  /** First part of the stream's name, `goal` in `goal/goal_1`. */
  readonly kind: string;
  /** Raised when the shape of the state changes; older snapshots are then ignored. */
  readonly shape: number;
  initial(id: string): State;
  decide(state: State, command: Command, context: DecideContext): Decision<Event>;
  evolve(state: State, event: Event, meta: EventMeta): State;
  /** The effect this event orders. */
  order(event: Event, meta: { readonly id: string; readonly at: number }): Order | null;
  /** Reads a stored event of any age; throws when it is not one. */
  decode(type: string, data: unknown): Event;
}
