import type { Conversation } from '#protocol/model/conversation/state.ts';
import type { Goal, Run } from '#protocol/model/goal/state.ts';

/** A run as a bar, wall-clock milliseconds. `to` null: it still runs. */
export interface Bar {
  readonly run: Run;
  readonly task: string;
  readonly from: number;
  readonly to: number | null;
}

/** Something that happened at a moment. */
export interface Mark {
  readonly id: string;
  readonly kind: 'message' | 'item';
  readonly at: number;
  /** Agent it went to, or what was asked. */
  readonly detail: string;
}

/** One agent over time. */
export interface Lane {
  readonly agent: string;
  readonly bars: readonly Bar[];
  readonly marks: readonly Mark[];
}

function barsOf(goal: Goal, agent: string): Bar[] {
  return Object.values(goal.runs).flatMap((run) =>
    run.agent === agent && run.startedAt !== null
      ? [{ run, task: goal.attempts[run.attempt]?.task ?? '', from: run.startedAt, to: run.endedAt }]
      : [],
  );
}

function marksOf(goal: Goal, conversations: readonly Conversation[], agent: string): Mark[] {
  const messages = conversations
    .flatMap((conversation) => Object.values(conversation.messages))
    .filter((message) => message.goal === goal.id && message.from === agent)
    .map(({ id, sentAt, to }): Mark => ({ id, kind: 'message', at: sentAt, detail: to[0] ?? '' }));
  const items = Object.values(goal.items)
    .filter((item) => goal.attempts[item.attempt ?? '']?.agent === agent)
    .map((item): Mark => ({ id: item.id, kind: 'item', at: item.openedAt, detail: item.kind }));
  return [...messages, ...items].sort((one, other) => one.at - other.at);
}

/** A lane for each agent that was ever there, the Lead first. */
export function lanesOf(goal: Goal, conversations: Readonly<Record<string, Conversation>>): Lane[] {
  const all = Object.values(conversations);
  return Object.values(goal.agents)
    .sort((one, other) => Number(other.lead) - Number(one.lead))
    .map(({ id }) => ({ agent: id, bars: barsOf(goal, id), marks: marksOf(goal, all, id) }));
}

/** First and last moment of the lanes; null when nothing has run. `now` ends what still runs. */
export function extentOf(lanes: readonly Lane[], now: number): { readonly from: number; readonly to: number } | null {
  const bars = lanes.flatMap((lane) => lane.bars);
  if (bars.length === 0) return null;
  const from = bars.reduce((least, bar) => Math.min(least, bar.from), now);
  const to = bars.reduce((most, bar) => Math.max(most, bar.to ?? now), from + 1_000);
  return { from, to };
}

const STEPS_MS = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 86_400].map((each) => each * 1_000);

/** Moments for the axis, at round steps, at most about `most` of them. */
export function ticksOf(from: number, to: number, most: number): number[] {
  const step = STEPS_MS.find((each) => (to - from) / each <= most) ?? (to - from) / most;
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, index) => first + index * step);
}
