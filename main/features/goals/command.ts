import type { CollisionKind, CollisionPolicy } from '#protocol/model/goal/collision.ts';
import type { Experience } from '#protocol/model/goal/expertise.ts';
import type { ForkedFrom } from '#protocol/model/goal/fork.ts';
import type { GuardAction, GuardName } from '#protocol/model/goal/guard.ts';
import type { AgentRecord, Answer, Assignee, GoalLimits, RunOutcome } from '#protocol/model/goal/parts.ts';
import type { NodeChange } from './apply-plan.ts';
import type { ProposedSpec, ProposedTask } from './proposed.ts';

export type { ProposedGate, ProposedSpec, ProposedTask } from './proposed.ts';

/** States the goal. */
export interface StateGoal {
  readonly type: 'state';
  readonly project: string;
  readonly text: string;
  readonly mode: 'ask' | 'go';
  readonly upstream: string;
  readonly ledger: 'real' | 'rehearsal';
  readonly branch: string;
  readonly base: string;
  readonly target: string;
  /** The crew as JSON, so that later edits of its file change no running goal. */
  readonly crew: string;
  readonly agents: readonly AgentRecord[];
  readonly limits: GoalLimits;
  readonly solo: string | null;
  /** No Lead and no first task: the CEO writes the tasks. */
  readonly board?: boolean;
  /** What earlier goals taught of roles and models. */
  readonly expertise?: readonly Experience[];
  /** The plan, where it is made already: nobody is asked to make one. */
  readonly plan?: readonly ProposedTask[];
  readonly onCollision?: CollisionPolicy;
  /** A fork: where from. */
  readonly forkedFrom?: ForkedFrom | null;
}

/** An agent of a role of the crew, to be added. */
export interface NewAgent {
  readonly id: string;
  /** The name it is to have; null takes the title, numbered where that is taken. */
  readonly name: string | null;
  readonly title: string;
  readonly role: string;
  readonly driver: string;
  readonly model: string;
  readonly lead: boolean;
  readonly confined?: true;
}

/** A tool call a run stopped at. */
export interface Deferral {
  readonly toolUseId: string;
  readonly cause: 'permission' | 'question' | 'answer';
  readonly owner: string;
  /** Message waited for, with cause `answer`. */
  readonly on: string | null;
  readonly title: string;
  readonly detail: string;
}

/** Tokens a run used. */
export interface RunUsage {
  readonly input: number;
  readonly output: number;
  readonly cacheWrite: number;
  readonly cacheRead: number;
}

/** A guard steps in. With `interrupted`, the run is stopped and its attempt waits for the CEO. */
export interface Intervene {
  readonly type: 'intervene';
  readonly guard: GuardName;
  readonly action: GuardAction;
  readonly attempt: string | null;
  readonly run: string | null;
  /** Display-ready. */
  readonly evidence: string;
}

/** A collision as the radar saw it. */
export interface Sighting {
  readonly collision: string;
  readonly kind: CollisionKind;
  /** The earlier work first. */
  readonly attempts: readonly string[];
  readonly elsewhere: { readonly goal: string; readonly attempt: string } | null;
  readonly files: readonly string[];
}

/** How the merge of one attempt ended. */
export interface MergeEnd {
  readonly attempt: string;
  readonly result: 'merged' | 'nothing' | 'conflict' | 'rejected' | 'error';
  readonly commit: string | null;
  readonly output: string;
  /** The other side of a conflict or a rejection: attempts merged since this one's work was checked, the newest first. */
  readonly others?: readonly string[];
  /** Paths the other side changed. */
  readonly files?: readonly string[];
}

/** Everything that can be asked of a goal. */
export type GoalCommand =
  | StateGoal
  | Intervene
  | {
      readonly type: 'add-tasks';
      readonly tasks: readonly ProposedTask[];
      readonly by: string;
      readonly awaitedBy?: string;
    }
  | { readonly type: 'propose-plan'; readonly run: string; readonly tasks: readonly ProposedTask[] }
  | { readonly type: 'approve-plan'; readonly by: string }
  | { readonly type: 'assign'; readonly task: string; readonly assignee: Assignee; readonly by: string }
  | { readonly type: 'unassign'; readonly task: string; readonly by: string }
  | { readonly type: 'hire'; readonly agent: NewAgent; readonly by: string }
  | { readonly type: 'dismiss'; readonly agent: string; readonly by: string }
  | { readonly type: 'pause-agent'; readonly agent: string; readonly paused: boolean; readonly by: string }
  | { readonly type: 'revise'; readonly task: string; readonly title?: string; readonly brief?: string }
  | { readonly type: 'link'; readonly task: string; readonly on: string }
  | { readonly type: 'unlink'; readonly task: string; readonly on: string }
  | { readonly type: 'cancel-task'; readonly task: string; readonly by: string }
  | { readonly type: 'retry-task'; readonly task: string; readonly by: string }
  | { readonly type: 'prepared'; readonly attempt: string; readonly base: string; readonly workspace: string }
  | { readonly type: 'unprepared'; readonly attempt: string; readonly why: string; readonly cause: 'disk' | 'stuck' }
  /** `minutes`: what the agent's role gets at most, where it says. */
  | { readonly type: 'run-started'; readonly run: string; readonly minutes?: number }
  | { readonly type: 'run-deferred'; readonly run: string; readonly deferral: Deferral }
  | {
      readonly type: 'run-ended';
      readonly run: string;
      readonly outcome: RunOutcome;
      readonly detail: string;
      readonly usage: RunUsage | null;
      /** Its session has nearly filled the model's context. */
      readonly full?: boolean;
    }
  /** The packet of a handoff is there; the successor starts from it. */
  | { readonly type: 'hand-over'; readonly attempt: string; readonly packet: string }
  /** A workspace that was gone was made again from the object store, before a run. */
  | { readonly type: 'restored'; readonly run: string; readonly workspace: string }
  | { readonly type: 'run-overdue'; readonly run: string }
  | {
      readonly type: 'claim';
      readonly run: string;
      readonly claim: 'done' | 'blocked';
      readonly summary: string;
      /** A word other nodes branch on. */
      readonly result?: string;
      /** Items of a fan-out that waits for this task. */
      readonly items?: readonly string[];
    }
  | { readonly type: 'review'; readonly run: string; readonly approved: boolean; readonly comments: string }
  | { readonly type: 'respec'; readonly task: string; readonly spec: ProposedSpec; readonly by: string }
  | {
      readonly type: 'apply-plan';
      readonly added: readonly ProposedTask[];
      readonly changed: readonly NodeChange[];
      readonly removed: readonly string[];
      /** Failed nodes that are tried again. */
      readonly retried?: readonly string[];
      readonly by: string;
      /** The run of the Lead that does it. */
      readonly run?: string;
    }
  /** The Lead's change of a plan that the CEO approves: the plan's file as it would be. */
  | {
      readonly type: 'propose-edit';
      readonly run: string;
      readonly text: string;
      readonly lines: readonly string[];
      readonly retried: readonly string[];
    }
  | {
      readonly type: 'signal';
      readonly name: string;
      readonly passed: boolean;
      readonly note: string;
      readonly by: string;
    }
  | {
      readonly type: 'plan-file-seen';
      readonly blob: string;
      /** Null: it is AIOS's own. */
      readonly edit: {
        readonly text: string;
        readonly lines: readonly string[];
        readonly problem: string | null;
      } | null;
    }
  | { readonly type: 'plan-edited'; readonly problem: string | null }
  | { readonly type: 'node-due'; readonly task: string; readonly until: number }
  | {
      readonly type: 'gate-checked';
      readonly task: string;
      /** The opening it was run for. */
      readonly openedAt: number;
      readonly passed: boolean;
      readonly output: string;
    }
  | { readonly type: 'task-due'; readonly task: string }
  | { readonly type: 'deadline-due'; readonly task: string; readonly until: number }
  | { readonly type: 'progress'; readonly run: string; readonly note: string }
  | {
      readonly type: 'checked';
      readonly attempt: string;
      readonly result: 'passed' | 'failed' | 'none' | 'conflict' | 'error' | 'empty';
      readonly commit: string | null;
      readonly exitCode: number | null;
      readonly output: string;
      readonly files: number;
      /** Areas of the code it changes; see `areasOf`. */
      readonly areas?: readonly string[];
      /** The other side of a conflict, or of work that passes alone and fails together with it; the newest first. */
      readonly others?: readonly string[];
      /** What the other side changed. */
      readonly otherFiles?: readonly string[];
    }
  | {
      readonly type: 'collisions';
      readonly seen: readonly Sighting[];
      /** Collisions that were looked for; those not seen are gone. */
      readonly looked: readonly string[];
    }
  | {
      readonly type: 'take-lease';
      readonly run: string;
      /** Globs, one a line. */
      readonly paths: string;
      readonly minutes: number;
      readonly renews: string | null;
      /** Leases whose paths were compared and do not overlap. */
      readonly compared: readonly string[];
    }
  | { readonly type: 'release-leases'; readonly run: string }
  | { readonly type: 'lease-due'; readonly lease: string }
  | ({ readonly type: 'merged' } & MergeEnd)
  | { readonly type: 'batch-merged'; readonly ends: readonly MergeEnd[] }
  | {
      readonly type: 'goal-checked';
      readonly result: 'passed' | 'failed' | 'error';
      readonly commit: string | null;
      readonly exitCode: number | null;
      readonly output: string;
    }
  | { readonly type: 'message-answered'; readonly message: string }
  /** A negotiation came to the CEO; `arbitration-over`: it ended, however it did. */
  | { readonly type: 'arbitrate'; readonly negotiation: string; readonly title: string; readonly detail: string }
  | { readonly type: 'arbitration-over'; readonly negotiation: string }
  | {
      readonly type: 'wake';
      readonly agent: string;
      readonly message: string;
      readonly from: string;
      readonly subject: string;
      /** Times the message was sent again: for each it may wake once more. */
      readonly replays?: number;
    }
  | { readonly type: 'wait-due'; readonly attempt: string; readonly since: number }
  | {
      readonly type: 'answer';
      readonly item: string;
      readonly answer: Answer;
      readonly text: string;
      readonly by: string;
    }
  | { readonly type: 'covered' }
  | { readonly type: 'interrupt'; readonly agent: string; readonly by: string }
  | { readonly type: 'resume-agent'; readonly agent: string; readonly by: string }
  | { readonly type: 'pause'; readonly by: string }
  /** Pauses the goal and interrupts its runs; they go on when the goal does. */
  | { readonly type: 'hold'; readonly by: string }
  | { readonly type: 'continue'; readonly by: string }
  | { readonly type: 'stop'; readonly by: string }
  /** `patch` is one hunk, as it was added; `attempt` null takes it out of what is merged. */
  | { readonly type: 'reject-hunk'; readonly attempt: string | null; readonly patch: string; readonly by: string }
  | {
      readonly type: 'hunk-rejected';
      readonly reject: string;
      readonly result: 'rejected' | 'refused';
      readonly commit: string | null;
      readonly detail: string;
    }
  | { readonly type: 'accept'; readonly target: string; readonly by: string }
  | {
      readonly type: 'accept-ended';
      readonly result: 'accepted' | 'refused';
      readonly commit: string | null;
      readonly detail: string;
    }
  | { readonly type: 'nothing' };
