import { z } from 'zod';
import { payloadRef } from '../payload.ts';
import { collisionEvents, collisionPolicy } from './collision.ts';
import { assignmentReason, experience } from './expertise.ts';
import { forkedFrom } from './fork.ts';
import { guardIntervened } from './guard.ts';
import { handoffEvents } from './handoff.ts';
import { nodeEvents } from './node-event.ts';
import {
  actor,
  agentRecord,
  answer,
  assignee,
  goalLimits,
  itemKind,
  maybeText,
  runOutcome,
  runReason,
  usageRecord,
  wait,
} from './parts.ts';
import { planFileEvents } from './plan-file-event.ts';
import { taskKind, taskSpec } from './spec.ts';

const text = payloadRef;
const id = z.string();

/** What happens in a goal: its plan, tasks, attempts, runs, checks, merges and what the CEO is asked. No free text. */
export const goalEvent = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('goal.stated'),
    project: id,
    text,
    mode: z.enum(['ask', 'go']),
    /** Which upstream of the gateway its runs use, and which money it counts as. */
    upstream: z.string(),
    ledger: z.enum(['real', 'rehearsal']),
    /** Branch of the goal in the hub, `aios/...`, and the commit of the user's branch it starts from. */
    branch: z.string(),
    base: z.string(),
    target: z.string(),
    crew: text,
    agents: z.array(agentRecord),
    limits: goalLimits,
    /** The agent that does all, when no crew is wanted. */
    solo: id.nullable(),
    /** No plan and no first task: the CEO writes the tasks. Absent in the oldest events. */
    board: z.boolean().default(false),
    /** Absent in older events. */
    onCollision: collisionPolicy.default('warn'),
    /** The goal and boundary it was forked from. Absent in the oldest events. */
    forkedFrom: forkedFrom.nullable().default(null),
    expertise: z.array(experience).optional(),
  }),
  z.strictObject({ type: z.literal('agent.hired'), agent: agentRecord, by: actor }),
  z.strictObject({ type: z.literal('agent.dismissed'), agent: id, by: actor }),
  /** A paused agent starts nothing new. */
  z.strictObject({ type: z.literal('agent.paused'), agent: id, paused: z.boolean(), by: actor }),
  z.strictObject({
    type: z.literal('task.added'),
    task: id,
    kind: taskKind,
    title: text,
    brief: text,
    assignee,
    dependsOn: z.array(id),
    proposed: z.boolean(),
    by: actor,
    /** The message a reply is about, the attempt a review judges, the failed task that is planned anew. */
    about: id.nullable(),
    spec: taskSpec.optional(),
  }),
  /** Several at once: one event, since adding one costs as much as there are tasks. */
  z.strictObject({
    type: z.literal('tasks.added'),
    tasks: z.array(
      z.strictObject({
        task: id,
        title: text,
        brief: text,
        assignee,
        dependsOn: z.array(id),
        kind: z.enum(['work', 'gate', 'group']).optional(),
        spec: taskSpec.optional(),
      }),
    ),
    proposed: z.boolean(),
    by: actor,
  }),
  z.strictObject({ type: z.literal('task.revised'), task: id, title: maybeText, brief: maybeText }),
  z.strictObject({ type: z.literal('task.assigned'), task: id, assignee }),
  z.strictObject({ type: z.literal('dependency.added'), task: id, on: id }),
  z.strictObject({ type: z.literal('dependency.removed'), task: id, on: id }),
  /** By the attempt that planned; null: from a template. */
  z.strictObject({ type: z.literal('plan.proposed'), attempt: id.nullable(), tasks: z.number() }),
  z.strictObject({ type: z.literal('plan.approved'), by: actor }),
  z.strictObject({ type: z.literal('task.ended'), task: id, status: z.enum(['done', 'failed', 'cancelled']) }),
  z.strictObject({ type: z.literal('task.reopened'), task: id }),
  z.strictObject({
    type: z.literal('attempt.started'),
    attempt: id,
    task: id,
    agent: id,
    number: z.number().int(),
    session: z.uuid(),
    reason: assignmentReason.optional(),
  }),
  z.strictObject({ type: z.literal('attempt.prepared'), attempt: id, base: z.string(), workspace: z.string() }),
  z.strictObject({
    type: z.literal('run.ordered'),
    run: id,
    attempt: id,
    reason: runReason,
    /** Texts the prompt is made of, in order. */
    about: z.array(text),
    resume: z.boolean(),
    /** A new session, when the attempt's old one is not to be continued. */
    session: z.uuid().nullable(),
    resolved: z.array(
      z.strictObject({ toolUseId: z.string(), decision: z.enum(['allow', 'deny']), reason: maybeText }),
    ),
  }),
  z.strictObject({ type: z.literal('run.started'), run: id, attempt: id, until: z.number() }),
  z.strictObject({ type: z.literal('run.interrupt-ordered'), run: id, attempt: id, by: actor }),
  z.strictObject({
    type: z.literal('run.ended'),
    run: id,
    attempt: id,
    outcome: runOutcome,
    detail: maybeText,
    usage: usageRecord.nullable(),
    /** Its session has nearly filled the model's context. Absent in older events. */
    full: z.boolean().default(false),
  }),
  ...handoffEvents,
  z.strictObject({ type: z.literal('attempt.waits'), attempt: id, wait, detail: maybeText }),
  z.strictObject({
    type: z.literal('attempt.claimed'),
    attempt: id,
    claim: z.enum(['done', 'blocked']),
    summary: text,
    /** A word other nodes branch on, and the items a fan-out takes. */
    result: z.string().optional(),
    items: z.array(text).optional(),
  }),
  z.strictObject({ type: z.literal('attempt.awaits'), attempt: id, task: id }),
  z.strictObject({ type: z.literal('attempt.progressed'), attempt: id, note: text }),
  z.strictObject({ type: z.literal('check.ordered'), attempt: id }),
  z.strictObject({
    type: z.literal('check.ended'),
    attempt: id,
    /** `none`: there is no verify command. `conflict`: the goal's tip does not merge into the work. */
    result: z.enum(['passed', 'failed', 'none', 'conflict', 'error', 'empty']),
    commit: z.string().nullable(),
    exitCode: z.number().nullable(),
    output: maybeText,
    files: z.number(),
    areas: z.array(z.string()).optional(),
    /** Where work that passed goes next; absent: into the merge queue. */
    next: z.enum(['review', 'race']).optional(),
  }),
  /** Work that was held back for a review or a race goes into the merge queue. */
  z.strictObject({ type: z.literal('attempt.passed'), attempt: id, why: z.enum(['review', 'race']) }),
  ...nodeEvents,
  ...planFileEvents,
  z.strictObject({ type: z.literal('merge.ordered'), attempt: id }),
  z.strictObject({
    type: z.literal('merge.ended'),
    attempt: id,
    result: z.enum(['merged', 'nothing', 'conflict', 'rejected', 'error']),
    commit: z.string().nullable(),
    output: maybeText,
  }),
  /** Its conflict goes to another agent: the same workspace, a new session. */
  z.strictObject({ type: z.literal('attempt.handed'), attempt: id, to: id }),
  z.strictObject({
    type: z.literal('attempt.ended'),
    attempt: id,
    status: z.enum(['merged', 'completed', 'failed', 'cancelled']),
    cause: z.string(),
    detail: maybeText,
  }),
  z.strictObject({
    type: z.literal('item.opened'),
    item: id,
    kind: itemKind,
    task: id.nullable(),
    attempt: id.nullable(),
    /** Display-ready question, and the exact command, diff or output it is about. */
    title: text,
    detail: maybeText,
    /** The negotiation that is to be ruled on. */
    about: id.optional(),
  }),
  z.strictObject({
    type: z.literal('item.closed'),
    item: id,
    answer: answer.nullable(),
    text: maybeText,
    by: actor,
    about: id.optional(),
  }),
  /** A command pattern the CEO allows: for one attempt, or for the agent for good (`attempt` null, as in the oldest events). */
  z.strictObject({
    type: z.literal('permission.remembered'),
    agent: id,
    pattern: text,
    attempt: id.nullable().default(null),
  }),
  guardIntervened,
  z.strictObject({ type: z.literal('goal.paused'), by: actor }),
  /** Paused together with everything that ran; these runs go on when the goal does. */
  z.strictObject({ type: z.literal('goal.held'), runs: z.array(id), by: actor }),
  z.strictObject({ type: z.literal('goal.continued'), by: actor }),
  z.strictObject({ type: z.literal('goal.check-ordered') }),
  z.strictObject({
    type: z.literal('goal.check-ended'),
    result: z.enum(['passed', 'failed', 'error']),
    commit: z.string().nullable(),
    exitCode: z.number().nullable(),
    output: maybeText,
  }),
  z.strictObject({ type: z.literal('goal.stuck'), item: id }),
  z.strictObject({ type: z.literal('goal.stopped'), by: actor }),
  /** The CEO takes one hunk out of an attempt's work, or of what is merged (`attempt` null). */
  z.strictObject({
    type: z.literal('hunk.reject-ordered'),
    reject: id,
    attempt: id.nullable(),
    patch: text,
    by: actor,
  }),
  z.strictObject({
    type: z.literal('hunk.reject-ended'),
    reject: id,
    result: z.enum(['rejected', 'refused']),
    commit: z.string().nullable(),
    detail: maybeText,
  }),
  z.strictObject({ type: z.literal('accept.ordered'), by: actor, target: z.string() }),
  z.strictObject({
    type: z.literal('accept.ended'),
    result: z.enum(['accepted', 'refused']),
    commit: z.string().nullable(),
    detail: maybeText,
  }),
  ...collisionEvents,
]);

/** See {@link goalEvent}. */
export type GoalEvent = z.infer<typeof goalEvent>;
