import type { PayloadRef } from '../payload.ts';
import type { Collision, CollisionPolicy, FileLease } from './collision.ts';
import type { AssignmentReason, Experience } from './expertise.ts';
import type { ForkedFrom } from './fork.ts';
import type { Interventions } from './guard.ts';
import type { TaskKind } from './kinds.ts';
import type { AgentRecord, Answer, Assignee, GoalLimits, ItemKind, RunOutcome, RunReason, Wait } from './parts.ts';
import type { PlanFile } from './plan-file.ts';
import type { TaskSpec } from './spec.ts';
import type { AttemptStatus, GoalStatus, TaskStatus } from './status.ts';
import type { Trail } from './trail.ts';

/** A node of the plan. */
export interface Task {
  readonly id: string;
  readonly kind: TaskKind;
  readonly title: PayloadRef;
  readonly brief: PayloadRef;
  readonly assignee: Assignee;
  readonly dependsOn: readonly string[];
  readonly status: TaskStatus;
  readonly by: string;
  readonly about: string | null;
  /** Attempts in order; the last may be open. */
  readonly attempts: readonly string[];
  readonly addedAt: number;
  readonly endedAt: number | null;
  readonly spec?: TaskSpec | undefined;
  /** The word its agent or gate ended with, for branches. */
  readonly result?: string | undefined;
  /** Not before this moment; a retry that waits. */
  readonly notBefore?: number | undefined;
  /** When it must be over. */
  readonly dueAt?: number | undefined;
  /** When a gate or sub-plan began, and until when a timer runs. */
  readonly opened?: { readonly at: number; readonly until: number | null } | undefined;
  /** What it branches on went another way. */
  readonly skipped?: boolean | undefined;
  /** Its race is decided: further attempts are single ones. */
  readonly raced?: boolean | undefined;
  /** All its attempts failed and another role got it. */
  readonly escalated?: boolean | undefined;
  /** Items its agent named, for a fan-out. */
  readonly items?: readonly PayloadRef[] | undefined;
  /** Times reviewers asked for changes. */
  readonly sentBack?: number | undefined;
}

/** One try of one agent at one task, in a workspace of its own. */
export interface Attempt {
  readonly id: string;
  readonly task: string;
  readonly agent: string;
  readonly number: number;
  readonly session: string;
  readonly status: AttemptStatus;
  /** Commit its workspace started from; null until prepared. */
  readonly base: string | null;
  readonly workspace: string | null;
  readonly runs: readonly string[];
  readonly wait: (Wait & { readonly since: number; readonly detail: PayloadRef | null }) | null;
  readonly claim: {
    readonly kind: 'done' | 'blocked';
    readonly summary: PayloadRef;
    readonly result?: string | undefined;
    readonly items?: readonly PayloadRef[] | undefined;
  } | null;
  /** Command patterns the CEO allowed for this attempt. */
  readonly allowed: readonly PayloadRef[];
  /** Delegated tasks whose end it wants to hear of. */
  readonly awaits: readonly string[];
  readonly note: PayloadRef | null;
  readonly fixes: number;
  readonly nudges: number;
  readonly recoveries: number;
  /** Agents that had this work before, the first first. */
  readonly handedFrom: readonly string[];
  readonly check: {
    readonly result: string;
    readonly exitCode: number | null;
    readonly output: PayloadRef | null;
  } | null;
  /** Why its agent got it. */
  readonly reason?: AssignmentReason | undefined;
  /** Areas of the code that the checked work changes, hashed. */
  readonly areas?: readonly string[] | undefined;
  /** Files the checked work changes. */
  readonly files?: number | undefined;
  /** What a reviewer said of it last. */
  readonly verdict?:
    | { readonly by: string; readonly approved: boolean; readonly comments: PayloadRef; readonly commit: string | null }
    | undefined;
  /** Commit that passed the check, or that was merged. */
  readonly commit: string | null;
  readonly mergeCommit: string | null;
  readonly startedAt: number;
  readonly changedAt: number;
  readonly cause: string | null;
  readonly detail: PayloadRef | null;
  /** What whoever goes on with it would want to know. */
  readonly trail: Trail;
}

/** One process of an agent. Its id is the fence of all it does. */
export interface Run {
  readonly id: string;
  readonly attempt: string;
  readonly agent: string;
  readonly reason: RunReason;
  readonly resume: boolean;
  readonly status: 'ordered' | 'running' | 'ended';
  readonly outcome: RunOutcome | null;
  readonly orderedAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly until: number | null;
  readonly usage: {
    readonly input: number;
    readonly output: number;
    readonly cacheWrite: number;
    readonly cacheRead: number;
  } | null;
}

/** Something only the CEO can decide. */
export interface Item {
  readonly id: string;
  readonly kind: ItemKind;
  readonly task: string | null;
  readonly attempt: string | null;
  readonly title: PayloadRef;
  readonly detail: PayloadRef | null;
  /** The negotiation that is to be ruled on; only with kind `arbitration`. */
  readonly about?: string;
  readonly openedAt: number;
  readonly closed: {
    readonly answer: Answer | null;
    readonly text: PayloadRef | null;
    readonly at: number;
    readonly by: string;
  } | null;
}

/** A goal and all below it. */
export interface Goal {
  readonly id: string;
  /** Null before it is stated. */
  readonly status: GoalStatus | null;
  readonly project: string;
  readonly text: PayloadRef | null;
  readonly mode: 'ask' | 'go';
  readonly upstream: string;
  readonly ledger: 'real' | 'rehearsal';
  readonly branch: string;
  readonly base: string;
  readonly target: string;
  readonly crew: PayloadRef | null;
  readonly solo: string | null;
  /** The CEO writes the tasks; nobody plans. */
  readonly board: boolean;
  /** Where it was forked from; null for a goal of its own. */
  readonly forkedFrom: ForkedFrom | null;
  readonly limits: GoalLimits;
  readonly agents: Readonly<Record<string, AgentRecord>>;
  /** Agents that left; their work stays theirs. */
  readonly dismissed: readonly string[];
  /** Agents that start nothing new. */
  readonly pausedAgents: readonly string[];
  readonly tasks: Readonly<Record<string, Task>>;
  readonly attempts: Readonly<Record<string, Attempt>>;
  readonly runs: Readonly<Record<string, Run>>;
  readonly items: Readonly<Record<string, Item>>;
  /** Command patterns the CEO allowed for good, by agent. */
  readonly remembered: Readonly<Record<string, readonly PayloadRef[]>>;
  readonly mergeQueue: readonly string[];
  /** What guards did, by attempt. */
  readonly interventions: Interventions;
  /** Attempts that are merged together now. */
  readonly batch: readonly string[];
  /** Milliseconds the last check took that ran a command; null before one did. */
  readonly checkMs: number | null;
  readonly onCollision: CollisionPolicy;
  readonly collisions: Readonly<Record<string, Collision>>;
  readonly leases: Readonly<Record<string, FileLease>>;
  readonly paused: boolean;
  /** Runs that were interrupted with the whole goal and go on with it. */
  readonly held: readonly string[];
  readonly statedAt: number;
  readonly endedAt: number | null;
  /** Commit of the goal's branch that passed the last check of the whole. */
  readonly tip: string | null;
  /** The hunk that is being taken out, and of whose work; `attempt` null is what is merged. */
  readonly rejecting: { readonly id: string; readonly attempt: string | null } | null;
  readonly planFile?: PlanFile | undefined;
  /** What earlier goals taught, as it was when this one was stated. */
  readonly expertise?: readonly Experience[] | undefined;
  readonly accepting: boolean;
  readonly acceptance: {
    readonly result: 'accepted' | 'refused';
    readonly commit: string | null;
    readonly detail: PayloadRef | null;
  } | null;
}

/** A goal before its first event. */
export function emptyGoal(id: string): Goal {
  return {
    id,
    status: null,
    project: '',
    text: null,
    mode: 'ask',
    upstream: '',
    ledger: 'real',
    branch: '',
    base: '',
    target: '',
    crew: null,
    solo: null,
    board: false,
    forkedFrom: null,
    limits: {
      attempts: 1,
      fixes: 0,
      nudges: 0,
      recoveries: 0,
      turns: 1,
      minutes: 1,
      goalNanos: 0,
      runNanos: 0,
      tasks: 1,
    },
    agents: {},
    dismissed: [],
    pausedAgents: [],
    tasks: {},
    attempts: {},
    runs: {},
    items: {},
    remembered: {},
    mergeQueue: [],
    interventions: {},
    batch: [],
    checkMs: null,
    onCollision: 'warn',
    collisions: {},
    leases: {},
    paused: false,
    held: [],
    statedAt: 0,
    endedAt: null,
    tip: null,
    rejecting: null,
    accepting: false,
    acceptance: null,
  };
}
