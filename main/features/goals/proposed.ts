import type { Assignee } from '#protocol/model/goal/parts.ts';
import type { TaskSpec } from '#protocol/model/goal/spec.ts';

/** A gate as somebody proposes it. */
export type ProposedGate =
  | { readonly kind: 'approval' }
  | { readonly kind: 'check'; readonly command: string }
  | { readonly kind: 'timer'; readonly ms: number }
  | { readonly kind: 'event'; readonly name: string };

/** How a node is to be run, with texts in full and other nodes by key or id. See {@link TaskSpec}. */
export type ProposedSpec = Pick<
  TaskSpec,
  | 'effort'
  | 'attempts'
  | 'backoffMs'
  | 'escalate'
  | 'deadlineMs'
  | 'race'
  | 'keep'
  | 'parent'
  | 'onlyIf'
  | 'need'
  | 'review'
> & {
  readonly done?: string | undefined;
  readonly checks?: readonly string[] | undefined;
  readonly paths?: readonly string[] | undefined;
  readonly gate?: ProposedGate | undefined;
  readonly each?:
    | { readonly from: string; readonly title: string; readonly brief: string; readonly role: string | null }
    | undefined;
};

/** A task as somebody proposes it; `key` names it within the proposal. */
export interface ProposedTask {
  readonly key: string;
  readonly title: string;
  readonly brief: string;
  readonly assignee: Assignee;
  /** Keys within the proposal, or ids of tasks that exist. */
  readonly dependsOn: readonly string[];
  /** The id it gets, where whoever adds it must know; otherwise a new one. */
  readonly id?: string;
  /** `work` where it says nothing. */
  readonly kind?: 'work' | 'gate' | 'group' | undefined;
  readonly spec?: ProposedSpec | undefined;
}
