import type { NumberedEvent } from '../contract/feed.ts';
import type { GoalEvent } from './goal/event.ts';
import type { Answer, ItemKind } from './goal/parts.ts';
import type { Goal } from './goal/state.ts';
import { whyOf } from './goal/why.ts';
import type { WhyAction, WhyCause } from './goal/why-parts.ts';
import type { PayloadRef } from './payload.ts';
import { eventOf } from './world.ts';

/** Something that happened, when, and the text that names it. Times are wall-clock milliseconds. */
interface Happened {
  readonly at: number;
  readonly goal: string;
  /** The text that names it: a goal's, a task's or an item's. */
  readonly title: PayloadRef | null;
}

/** Work that came to its end. */
export interface BriefDone extends Happened {
  readonly what: 'goal-accepted' | 'goal-ready' | 'task-merged' | 'task-done';
  readonly task: string | null;
}

/** A word of the CEO's that let something go on, or not. */
export interface BriefDecided extends Happened {
  readonly what: 'goal-stated' | 'plan-approved' | 'answered' | 'goal-stopped';
  readonly kind: ItemKind | null;
  readonly answer: Answer | null;
}

/** What did not work. */
export interface BriefFailed extends Happened {
  readonly what: 'task-failed' | 'goal-check-failed' | 'goal-stuck' | 'accept-refused';
  readonly task: string | null;
}

/** What waits for the CEO now, since when, and what helps. */
export interface BriefWaits {
  readonly goal: string;
  readonly title: PayloadRef | null;
  readonly cause: WhyCause;
  readonly since: number;
  readonly action: WhyAction;
}

/** Money that was settled for a goal, nano-dollars. */
export interface BriefSpent {
  readonly goal: string;
  readonly ledger: Goal['ledger'];
  readonly nanos: number;
}

/** A day, or another span, in facts. Real and rehearsed money are never added up. */
export interface Brief {
  readonly since: number;
  readonly until: number;
  readonly done: readonly BriefDone[];
  readonly decided: readonly BriefDecided[];
  readonly failed: readonly BriefFailed[];
  readonly waits: readonly BriefWaits[];
  readonly spent: {
    readonly real: number;
    readonly rehearsal: number;
    readonly byGoal: readonly BriefSpent[];
  };
  /** Texts of the titles above, by payload id. */
  readonly texts: Readonly<Record<string, string>>;
}

type Told =
  | ({ readonly list: 'done' } & Omit<BriefDone, keyof Happened>)
  | ({ readonly list: 'decided' } & Omit<BriefDecided, keyof Happened>)
  | ({ readonly list: 'failed' } & Omit<BriefFailed, keyof Happened>);
type Line = { readonly title: PayloadRef | null; readonly told: Told };

const plain = { kind: null, answer: null } as const;

function taskLine(goal: Goal, event: Extract<GoalEvent, { type: 'task.ended' }>): Line | null {
  const task = goal.tasks[event.task];
  if (!task || task.kind === 'reply' || event.status === 'cancelled') return null;
  const { title } = task;
  if (event.status === 'failed') return { title, told: { list: 'failed', what: 'task-failed', task: task.id } };
  const merged = goal.attempts[task.attempts.at(-1) ?? '']?.status === 'merged';
  return { title, told: { list: 'done', what: merged ? 'task-merged' : 'task-done', task: task.id } };
}

/** What an event of a goal is to the CEO, or nothing. */
function lineOf(goal: Goal, event: GoalEvent): Line | null {
  const of = (told: Told): Line => ({ title: goal.text, told });
  switch (event.type) {
    case 'goal.stated':
      return of({ list: 'decided', what: 'goal-stated', ...plain });
    case 'plan.approved':
      return event.by === 'ceo' ? of({ list: 'decided', what: 'plan-approved', ...plain }) : null;
    case 'goal.stopped':
      return of({ list: 'decided', what: 'goal-stopped', ...plain });
    case 'item.closed': {
      const item = goal.items[event.item];
      if (!item || event.by !== 'ceo' || event.answer === null) return null;
      return { title: item.title, told: { list: 'decided', what: 'answered', kind: item.kind, answer: event.answer } };
    }
    case 'task.ended':
      return taskLine(goal, event);
    case 'goal.check-ended':
      return event.result === 'passed'
        ? of({ list: 'done', what: 'goal-ready', task: null })
        : of({ list: 'failed', what: 'goal-check-failed', task: null });
    case 'goal.stuck':
      return of({ list: 'failed', what: 'goal-stuck', task: null });
    case 'accept.ended':
      return event.result === 'accepted'
        ? of({ list: 'done', what: 'goal-accepted', task: null })
        : of({ list: 'failed', what: 'accept-refused', task: null });
    default:
      return null;
  }
}

/** Everything that waits for the CEO: each open item, and each goal whose next step is theirs without one. */
function waitsOf(goals: readonly Goal[]): BriefWaits[] {
  const waits = goals.flatMap((goal): BriefWaits[] => {
    if (goal.status === null || goal.status === 'accepted' || goal.status === 'stopped') return [];
    const items = Object.values(goal.items).flatMap((item) => {
      const why = whyOf(goal, { kind: 'item', id: item.id });
      return why ? [{ goal: goal.id, title: item.title, cause: why.cause, since: why.since, action: why.action }] : [];
    });
    const whole = whyOf(goal, { kind: 'goal', id: goal.id });
    if (items.length > 0 || whole?.owner !== 'ceo') return items;
    const { cause, since, action } = whole;
    return [{ goal: goal.id, title: goal.text, cause, since, action }];
  });
  return waits.sort((one, other) => one.since - other.since);
}

/** What {@link briefOf} is made from. */
export interface BriefParts {
  /** Goals as they are now. */
  readonly goals: readonly Goal[];
  /** Committed events from `since` on, oldest first; those of other streams than goals' are passed over. */
  readonly events: readonly Pick<NumberedEvent, 'stream' | 'type' | 'at' | 'data'>[];
  /** Nano-dollars settled since then, by goal. */
  readonly spent: ReadonlyMap<string, number>;
  readonly since: number;
  readonly until: number;
}

/** The brief of a span, newest first, without texts. Pure. */
export function briefOf({ goals, events, spent, since, until }: BriefParts): Omit<Brief, 'texts'> {
  const byId = new Map(goals.map((goal) => [goal.id, goal]));
  const done: BriefDone[] = [];
  const decided: BriefDecided[] = [];
  const failed: BriefFailed[] = [];
  for (const event of events.toReversed()) {
    const goal = event.stream.startsWith('goal/') ? byId.get(event.stream.slice('goal/'.length)) : undefined;
    if (!goal || event.at < since || event.at > until) continue;
    const line = lineOf(goal, eventOf<GoalEvent>(event));
    if (!line) continue;
    const when = { at: event.at, goal: goal.id, title: line.title };
    const { list, ...told } = line.told;
    if (list === 'done') done.push({ ...when, ...(told as Omit<BriefDone, keyof Happened>) });
    if (list === 'decided') decided.push({ ...when, ...(told as Omit<BriefDecided, keyof Happened>) });
    if (list === 'failed') failed.push({ ...when, ...(told as Omit<BriefFailed, keyof Happened>) });
  }
  const byGoal = goals.flatMap((goal): BriefSpent[] => {
    const nanos = spent.get(goal.id) ?? 0;
    return nanos > 0 ? [{ goal: goal.id, ledger: goal.ledger, nanos }] : [];
  });
  const sum = (ledger: Goal['ledger']) =>
    byGoal.reduce((total, each) => total + (each.ledger === ledger ? each.nanos : 0), 0);
  return {
    since,
    until,
    done,
    decided,
    failed,
    waits: waitsOf(goals),
    spent: {
      real: sum('real'),
      rehearsal: sum('rehearsal'),
      byGoal: byGoal.sort((one, other) => other.nanos - one.nanos),
    },
  };
}
