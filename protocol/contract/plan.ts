import { z } from 'zod';
import type { Fault } from '../model/fault.ts';
import { assignee } from '../model/goal/parts.ts';
import { base, commandId, done } from './base.ts';
import { specChange, writtenSpec } from './node.ts';

const goal = z.string().min(1).max(100);
const id = z.string().min(1).max(100);
/** Names of roles, as crew files spell them. */
const role = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/);

/** Most tasks one command adds. */
export const TASKS_AT_ONCE = 500;

/** A task the CEO writes; `key` names it within the command, so that tasks may depend on each other. */
export const writtenTask = z.object({
  key: z.string().min(1).max(100),
  title: z.string().min(1).max(200),
  /** Empty: the title says it all. */
  brief: z.string().max(20_000).default(''),
  /** `nobody` puts it into the backlog. */
  assignee,
  /** Keys of this command or ids of tasks that exist. */
  dependsOn: z.array(id).max(100).default([]),
  /** A gate and a group (a sub-plan) have no agent. */
  kind: z.enum(['work', 'gate', 'group']).default('work'),
  spec: writtenSpec.optional(),
});

/** What would happen if a task were given to an agent now. Nothing is changed by asking. */
export interface AssignmentPreview {
  readonly driver: string;
  readonly model: string;
  /** Why this driver and model, one sentence. */
  readonly route: string;
  /** Nano-dollars the work is expected to cost; null: not known yet. */
  readonly estimateNanos: number | null;
  /** Nano-dollars one run may spend at most. */
  readonly capNanos: number;
  /** What data may go to this model, one sentence. */
  readonly privacy: string;
  /** What it would wait for before it starts, display-ready; empty: it starts at once. */
  readonly waitsFor: readonly string[];
  /** The name of whoever has it now and would hand it over, with its workspace; null: nobody has begun. */
  readonly handsOver: string | null;
  /** Why it cannot be given, or null. */
  readonly refusal: Fault | null;
}

/** A plan template, as the composer offers it. */
export interface TemplateView {
  readonly name: string;
  readonly title: string;
  /** What it is for, one sentence. */
  readonly about: string;
  readonly nodes: number;
  /** Roles that its tasks are for. */
  readonly roles: readonly string[];
}

/** A role of a crew, as the shelf of a goal shows it. */
export interface RoleView {
  readonly role: string;
  readonly title: string;
  readonly driver: string;
  readonly model: string;
  readonly lead: boolean;
  readonly tools: readonly string[];
  readonly writable: readonly string[];
  readonly protected: readonly string[];
  readonly capUsd: number | null;
}

/** Where a node of the graph stands, in the graph's own units. `pinned`: placed by hand, tidy leaves it there. */
export const placedNode = z.object({
  id: z.string().min(1).max(120),
  x: z.number().min(-1e6).max(1e6),
  y: z.number().min(-1e6).max(1e6),
  pinned: z.boolean(),
});

/** What the CEO does to a plan on the graph: tasks, edges, agents, places. */
export const planContract = {
  addTasks: base
    .route({ method: 'POST', path: '/plan/tasks' })
    .input(z.object({ goal, tasks: z.array(writtenTask).min(1).max(TASKS_AT_ONCE), command: commandId }))
    .output(z.object({ sequence: z.number(), tasks: z.array(z.string()) })),
  revise: base
    .route({ method: 'POST', path: '/plan/tasks/revise' })
    .input(
      z.object({
        goal,
        task: id,
        title: z.string().min(1).max(200).optional(),
        brief: z.string().max(20_000).optional(),
        command: commandId,
      }),
    )
    .output(done),
  assign: base
    .route({ method: 'POST', path: '/plan/assign' })
    .input(z.object({ goal, task: id, assignee, command: commandId }))
    .output(done),
  /** Undoes an assignment: stops what runs, snapshots its workspace, puts the task back. What was spent stays spent. */
  unassign: base
    .route({ method: 'POST', path: '/plan/unassign' })
    .input(z.object({ goal, task: id, command: commandId }))
    .output(done),
  link: base
    .route({ method: 'POST', path: '/plan/link' })
    .input(z.object({ goal, task: id, on: id, command: commandId }))
    .output(done),
  unlink: base
    .route({ method: 'POST', path: '/plan/unlink' })
    .input(z.object({ goal, task: id, on: id, command: commandId }))
    .output(done),
  /** Changes how a node is run: what the spec names is replaced, null takes a rule back. */
  respec: base
    .route({ method: 'POST', path: '/plan/tasks/respec' })
    .input(z.object({ goal, task: id, spec: specChange, command: commandId }))
    .output(done),
  /** Something happened outside: opens (or closes) the gates that wait for it. */
  signal: base
    .route({ method: 'POST', path: '/plan/signal' })
    .input(
      z.object({
        goal,
        name: z.string().min(1).max(40),
        passed: z.boolean().default(true),
        note: z.string().max(4_000).default(''),
        command: commandId,
      }),
    )
    .output(done),
  /** Plans that are made before there is a goal. */
  templates: base.route({ method: 'GET', path: '/plan/templates' }).output(z.array(z.custom<TemplateView>())),
  /** The plan as its file on the goal's branch says it: intent only. */
  file: base
    .route({ method: 'GET', path: '/plan/file' })
    .input(z.object({ goal }))
    .output(z.object({ path: z.string(), text: z.string() })),
  /** What an edited file would change, one line a change. Nothing is changed by asking. */
  compareFile: base
    .route({ method: 'POST', path: '/plan/file/compare' })
    .input(z.object({ goal, text: z.string().max(4 * 1024 * 1024) }))
    .output(z.object({ lines: z.array(z.string()) })),
  /** Changes the plan to what an edited file says, all or nothing. */
  applyFile: base
    .route({ method: 'POST', path: '/plan/file' })
    .input(z.object({ goal, text: z.string().max(4 * 1024 * 1024), command: commandId }))
    .output(done),
  preview: base
    .route({ method: 'GET', path: '/plan/preview' })
    .input(z.object({ goal, task: id, agent: id }))
    .output(z.custom<AssignmentPreview>()),
  roles: base
    .route({ method: 'GET', path: '/plan/roles' })
    .input(z.object({ goal }))
    .output(z.array(z.custom<RoleView>())),
  hire: base
    .route({ method: 'POST', path: '/plan/hire' })
    .input(
      z.object({
        goal,
        role,
        name: z.string().trim().min(1).max(60).optional(),
        model: z.string().trim().min(1).max(200).optional(),
        command: commandId,
      }),
    )
    .output(z.object({ sequence: z.number(), agent: z.string() })),
  /** Refused while the agent works; its open tasks go back to the backlog. */
  dismiss: base
    .route({ method: 'POST', path: '/plan/dismiss' })
    .input(z.object({ goal, agent: id, command: commandId }))
    .output(done),
  /** A paused agent starts nothing new; what runs goes on (interrupt stops it). */
  pauseAgent: base
    .route({ method: 'POST', path: '/plan/agents/pause' })
    .input(z.object({ goal, agent: id, paused: z.boolean(), command: commandId }))
    .output(done),
  place: base
    .route({ method: 'POST', path: '/plan/places' })
    .input(z.object({ goal, nodes: z.array(placedNode).min(1).max(5_000), command: commandId }))
    .output(done),
  /** Pauses every goal and interrupts every running agent. Each can be continued. */
  stopAll: base
    .route({ method: 'POST', path: '/plan/stop-all' })
    .input(z.object({ command: commandId }))
    .output(z.object({ goals: z.number(), runs: z.number() })),
};

/** See {@link writtenTask}. */
export type WrittenTask = z.input<typeof writtenTask>;
/** See {@link placedNode}. */
export type PlacedNode = z.infer<typeof placedNode>;
