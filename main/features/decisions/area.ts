import type { Area } from '#main/engine/area.ts';
import { type DecisionEvent, decisionEvent } from '#protocol/model/decision/event.ts';
import { type Decisions, emptyDecisions, evolveDecisions } from '#protocol/model/decision/state.ts';
import { type DecisionCommand, decideDecisions } from './decide.ts';

/** Streams `decision/<project>`: what holds for a project because it was agreed or ruled. */
export const decisionArea: Area<Decisions, DecisionCommand, DecisionEvent> = {
  kind: 'decision',
  shape: 1,
  initial: emptyDecisions,
  decide: decideDecisions,
  evolve: (all, event, meta) => evolveDecisions(all, event, meta.at),
  order: () => null,
  decode: (type, data) => decisionEvent.parse({ type, ...(data as object) }),
};
