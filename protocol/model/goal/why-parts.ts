import type { Wait } from './parts.ts';

/** What can stand still, and which one. A `merge` is an attempt's place in the merge queue. */
export interface WhySubject {
  readonly kind: 'goal' | 'task' | 'attempt' | 'agent' | 'merge' | 'item';
  readonly id: string;
}

/** Why something does not move: what an attempt waits for, or what follows from the plan and the crew. */
export type WhyCause =
  | Wait['cause']
  /** A wait of a kind this version does not know. */
  | 'other'
  | 'asked'
  | 'plan'
  | 'backlog'
  | 'dependency'
  | 'failed'
  | 'paused'
  | 'stopped'
  | 'agent-paused'
  | 'busy'
  | 'nobody'
  | 'starting'
  | 'machine'
  | 'unknown'
  | 'merge-turn'
  | 'attempt'
  | 'circle'
  | 'ready'
  | 'goal-stuck'
  | 'empty'
  | 'idle'
  /** A gate or sub-plan of the plan that is open, a branch not decided yet, a retry whose time has not come. */
  | 'gate'
  | 'timer'
  | 'signal'
  | 'group'
  | 'in-group'
  | 'branch'
  | 'later'
  | 'tasks'
  /** The end of a chain that moves: no reason, but what is waited for. */
  | 'moves';

/** One thing that helps, as the command it is. */
export type WhyAction =
  | { readonly do: 'answer'; readonly item: string }
  | { readonly do: 'raise-cap'; readonly attempt: string | null }
  | { readonly do: 'resume-agent'; readonly agent: string }
  | { readonly do: 'unpause-agent'; readonly agent: string }
  | { readonly do: 'retry-task'; readonly task: string }
  | { readonly do: 'assign'; readonly task: string }
  | { readonly do: 'cancel-task'; readonly task: string }
  | { readonly do: 'unlink'; readonly task: string; readonly on: string }
  | { readonly do: 'give-work'; readonly agent: string }
  | { readonly do: 'add-task' }
  | { readonly do: 'approve-plan' }
  | { readonly do: 'continue' }
  | { readonly do: 'signal'; readonly name: string }
  | { readonly do: 'accept' }
  | { readonly do: 'answer-message'; readonly message: string; readonly agent: string }
  | { readonly do: 'allow-more-agents' }
  | { readonly do: 'look'; readonly attempt: string }
  /** Nothing needs to be done: it goes on by itself, at that moment where it is known (wall-clock ms). */
  | { readonly do: 'wait'; readonly until: number | null };

/** One step of a chain: this stands still for that cause. */
export interface WhyLink {
  readonly subject: WhySubject;
  readonly cause: WhyCause;
  /** Wall-clock milliseconds since when it has stood so, as far as the state tells. */
  readonly since: number;
  /** What it waits for directly: subjects of the next steps. More than one where all or any of them count. */
  readonly on: readonly WhySubject[];
}

/** Why one thing does not move. */
export interface Why extends WhyLink {
  /** Whose turn it is: `ceo`, `system` or an agent's id. Never empty. */
  readonly owner: string;
  /** What helps, at the root of the chain. */
  readonly action: WhyAction;
  /** From the subject itself to the root cause; the last step waits for nothing but its owner. */
  readonly chain: readonly WhyLink[];
}

/** What is known of one thing before its chain is followed. */
export interface WhyNode {
  readonly subject: WhySubject;
  readonly cause: WhyCause;
  readonly since: number;
  /** At the end of a chain, whose turn it is; elsewhere ignored. */
  readonly owner: string;
  /** What helps here. Used where the chain ends here, or ends at something that moves. */
  readonly action: WhyAction | null;
  readonly next: readonly WhySubject[];
  /** Whether it goes on when all of `next` do, when any one does, or is only the sum of them. */
  readonly needs: 'all' | 'any' | 'sum';
}

/** A name for a subject, for maps. */
export const keyOf = (subject: WhySubject): string => `${subject.kind}:${subject.id}`;
