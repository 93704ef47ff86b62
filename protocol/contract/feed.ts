import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import type { AgentEvent } from '../agent/event.ts';
import type { Budgets } from '../model/budget/state.ts';
import type { Conversation } from '../model/conversation/state.ts';
import type { Decisions } from '../model/decision/state.ts';
import type { Goal } from '../model/goal/state.ts';
import type { Layout } from '../model/layout/state.ts';
import type { Project } from '../model/project/state.ts';
import { base } from './base.ts';

/** A run whose process is up; figures that are observed, not decided, and so are in no event. */
export interface LiveView {
  readonly run: string;
  readonly goal: string;
  readonly agent: string;
  readonly attempt: string;
  readonly startedAt: number;
  readonly aliveAt: number;
  readonly progressAt: number;
  readonly activity: string;
  readonly residentBytes: number;
  readonly cpuSeconds: number;
}

/** Everything a view shows, at one sequence. */
export interface Snapshot {
  readonly sequence: number;
  readonly epoch: number;
  readonly goals: readonly Goal[];
  readonly conversations: readonly Conversation[];
  readonly budgets: Budgets;
  readonly projects: readonly Project[];
  readonly layouts: readonly Layout[];
  /** Shared decisions, one record a project. */
  readonly decisions: readonly Decisions[];
  readonly live: readonly LiveView[];
  /** Texts the states refer to, by payload id. */
  readonly texts: Readonly<Record<string, string>>;
}

/** A committed event with the texts it refers to. Apply with the `evolve` of its area. */
export interface NumberedEvent {
  readonly sequence: number;
  readonly id: string;
  readonly stream: string;
  readonly type: string;
  readonly at: number;
  readonly epoch: number;
  readonly data: unknown;
  readonly texts: Readonly<Record<string, string>>;
}

/** What a watcher receives. `gap`: memory does not reach back; take a new snapshot. */
export type FeedMessage =
  | { readonly kind: 'events'; readonly events: readonly NumberedEvent[] }
  | { readonly kind: 'live'; readonly live: readonly LiveView[] }
  | { readonly kind: 'gap' };

/** One line of a transcript. */
export interface TranscriptView {
  readonly run: string;
  readonly sequence: number;
  readonly at: number;
  readonly event: AgentEvent;
}

const run = z.string().regex(/^[a-z0-9_]{1,60}$/);

/** Snapshot and numbered events. */
export const feedContract = {
  snapshot: base.route({ method: 'GET', path: '/snapshot' }).output(z.custom<Snapshot>()),
  watch: base.input(z.object({ after: z.number().int().nonnegative() })).output(eventIterator(z.custom<FeedMessage>())),
  transcript: base
    .route({ method: 'GET', path: '/transcripts' })
    .input(z.object({ run }))
    .output(z.array(z.custom<TranscriptView>())),
  /** The lines of a run after a sequence number, then each as it is written; ends with the run. */
  followTranscript: base
    .input(z.object({ run, after: z.number().int().nonnegative().default(0) }))
    .output(eventIterator(z.array(z.custom<TranscriptView>()))),
  /** Committed events that concern a goal (its own, its conversations, its layout, spend), oldest first: what replay is made of. */
  history: base
    .route({ method: 'GET', path: '/history' })
    .input(
      z.object({
        goal: z.string().min(1).max(100),
        after: z.number().int().nonnegative().default(0),
        limit: z.number().int().min(1).max(2_000).default(1_000),
      }),
    )
    .output(z.object({ events: z.array(z.custom<NumberedEvent>()), more: z.boolean() })),
  /** The whole of a text that a view got cut. */
  text: base
    .route({ method: 'GET', path: '/texts' })
    .input(z.object({ id: z.string().min(1).max(100) }))
    .output(z.object({ text: z.string() })),
};
