import type { LiveView, NumberedEvent, Snapshot } from '../contract/feed.ts';
import type { BudgetEvent } from './budget/event.ts';
import { type Budgets, evolveBudgets } from './budget/state.ts';
import type { ConversationEvent } from './conversation/event.ts';
import { type Conversation, emptyConversation, evolveConversation } from './conversation/state.ts';
import type { DecisionEvent } from './decision/event.ts';
import { type Decisions, emptyDecisions, evolveDecisions } from './decision/state.ts';
import type { GoalEvent } from './goal/event.ts';
import { evolveGoal } from './goal/evolve.ts';
import { emptyGoal, type Goal } from './goal/state.ts';
import type { LayoutEvent } from './layout/event.ts';
import { emptyLayout, evolveLayout, type Layout } from './layout/state.ts';
import type { ProjectEvent } from './project/event.ts';
import { emptyProject, evolveProject, type Project } from './project/state.ts';

/** All a watcher knows, at one sequence: a snapshot, and the events since. */
export interface World {
  readonly sequence: number;
  readonly goals: Readonly<Record<string, Goal>>;
  readonly conversations: Readonly<Record<string, Conversation>>;
  readonly budgets: Budgets;
  readonly projects: Readonly<Record<string, Project>>;
  readonly layouts: Readonly<Record<string, Layout>>;
  /** Shared decisions, by project. */
  readonly decisions: Readonly<Record<string, Decisions>>;
  readonly live: readonly LiveView[];
  /**
   * Texts by payload id. A text never changes, and there are many: worlds that follow one another share this record, and it
   * grows in place as events bring more. It keeps its identity; follow what refers to a text, not this.
   */
  readonly texts: Readonly<Record<string, string>>;
}

function byId<T extends { readonly id: string }>(all: readonly T[]): Record<string, T> {
  return Object.fromEntries(all.map((each) => [each.id, each]));
}

/** The world as a snapshot shows it. */
export function worldOf(snapshot: Snapshot): World {
  return {
    sequence: snapshot.sequence,
    goals: byId(snapshot.goals),
    conversations: byId(snapshot.conversations),
    budgets: snapshot.budgets,
    projects: byId(snapshot.projects),
    layouts: byId(snapshot.layouts),
    decisions: byId(snapshot.decisions),
    live: snapshot.live,
    texts: { ...snapshot.texts },
  };
}

/** An event as its area knows it: the journal keeps the type beside the data. */
export function eventOf<E extends { readonly type: string }>(event: Pick<NumberedEvent, 'type' | 'data'>): E {
  return { ...(event.data as object), type: event.type } as E;
}

/** The parts of the world that a stream's event changes; streams of other kinds change nothing. */
function changed(world: World, event: NumberedEvent): Partial<World> {
  const slash = event.stream.indexOf('/');
  const id = event.stream.slice(slash + 1);
  switch (event.stream.slice(0, slash)) {
    case 'goal': {
      const goal = evolveGoal(world.goals[id] ?? emptyGoal(id), eventOf<GoalEvent>(event), event.at);
      return { goals: { ...world.goals, [id]: goal } };
    }
    case 'conversation': {
      const before = world.conversations[id] ?? emptyConversation(id);
      const conversation = evolveConversation(before, eventOf<ConversationEvent>(event), event.at);
      return { conversations: { ...world.conversations, [id]: conversation } };
    }
    case 'budget':
      return { budgets: evolveBudgets(world.budgets, eventOf<BudgetEvent>(event), event.epoch) };
    case 'layout': {
      const layout = evolveLayout(world.layouts[id] ?? emptyLayout(id), eventOf<LayoutEvent>(event));
      return { layouts: { ...world.layouts, [id]: layout } };
    }
    case 'decision': {
      const before = world.decisions[id] ?? emptyDecisions(id);
      const decisions = evolveDecisions(before, eventOf<DecisionEvent>(event), event.at);
      return { decisions: { ...world.decisions, [id]: decisions } };
    }
    case 'project': {
      const project = evolveProject(world.projects[id] ?? emptyProject(id), eventOf<ProjectEvent>(event));
      return { projects: { ...world.projects, [id]: project } };
    }
    default:
      return {};
  }
}

/** The world after one committed event; an event that was applied already changes nothing. Pure, but for the shared texts. */
export function applyEvent(world: World, event: NumberedEvent): World {
  if (event.sequence <= world.sequence) return world;
  Object.assign(world.texts, event.texts);
  return { ...world, ...changed(world, event), sequence: event.sequence };
}

/** The world after several events, in order. */
export const applyEvents = (world: World, events: readonly NumberedEvent[]): World => events.reduce(applyEvent, world);
