import { z } from 'zod';
import type { ProposedGate, ProposedSpec, ProposedTask } from '#main/features/goals/index.ts';
import type { Assignee } from '#protocol/model/goal/parts.ts';

const key = z.string().trim().min(1).max(60);
const role = z.string().trim().min(1).max(100);
const command = z.string().trim().min(1).max(1_000);
/** Words that conditions compare with. */
const word = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);
const MINUTES_MAX = 60 * 24 * 30;

const gateNode = z.discriminatedUnion('on', [
  z.strictObject({ on: z.literal('approval') }).describe('The CEO decides'),
  z.strictObject({ on: z.literal('check'), command }).describe('A command must exit with 0 on what is merged'),
  z.strictObject({ on: z.literal('timer'), minutes: z.number().nonnegative().max(MINUTES_MAX) }),
  z.strictObject({ on: z.literal('event'), name: word }).describe('A signal from outside'),
]);

/**
 * A node of a plan, as the Lead proposes it and as plan files hold it: intent only. A `gate` has no agent; a `group` holds
 * the nodes that are `part_of` it.
 */
export const planNode = z.strictObject({
  key: key.describe('Names the node within the plan'),
  kind: z.enum(['task', 'gate', 'group']).default('task'),
  title: z.string().trim().min(1).max(200),
  brief: z.string().trim().max(20_000).default('').describe('What to do'),
  role: role.optional().describe('A role, an agent, or "anyone"; tasks only'),
  depends_on: z.array(key).max(100).default([]),
  done_when: z.string().trim().max(4_000).optional().describe('Definition of done'),
  checks: z.array(command).max(10).optional().describe('Commands that must exit with 0 on the work'),
  effort: z.enum(['small', 'medium', 'large']).optional(),
  paths: z.array(z.string().trim().min(1).max(300)).max(50).optional().describe('Globs of files it will change'),
  attempts: z.number().int().min(1).max(10).optional(),
  backoff_seconds: z.number().int().min(1).max(86_400).optional(),
  escalate_to: role.optional().describe('The role that tries once more when all attempts failed'),
  deadline_minutes: z.number().positive().max(MINUTES_MAX).optional(),
  race: z.number().int().min(2).max(5).optional().describe('Attempts at once by different agents; one is kept'),
  keep: z.enum(['first', 'best']).optional(),
  part_of: key.optional().describe('The group it belongs to'),
  only_if: z
    .strictObject({ node: key, is: word })
    .optional()
    .describe('Runs only if that node ended so: done, failed, passed, or the result word of its task'),
  need: z.number().int().min(1).max(100).optional().describe('How many of depends_on must be done; default all'),
  gate: gateNode.optional(),
  reviewed_by: role.optional().describe('The role that must approve the diff before it is merged'),
  for_each: z
    .union([
      z.array(z.string().trim().min(1).max(200)).min(1).max(50),
      z.strictObject({ from: key, role: role.optional() }),
    ])
    .optional()
    .describe('One task for each item: {{item}} in title and brief; or {from} a task that names items when done'),
});

/** See {@link planNode}. */
export type PlanNode = z.infer<typeof planNode>;

/** Finds whom a name of a role or agent means. */
export type WhoIs = (name: string) => Assignee;

function gateOf(gate: PlanNode['gate']): ProposedGate | undefined {
  switch (gate?.on) {
    case undefined:
      return undefined;
    case 'approval':
      return { kind: 'approval' };
    case 'check':
      return { kind: 'check', command: gate.command };
    case 'timer':
      return { kind: 'timer', ms: Math.round(gate.minutes * 60_000) };
    case 'event':
      return { kind: 'event', name: gate.name };
  }
}

function specOf(node: PlanNode): ProposedSpec {
  const from = Array.isArray(node.for_each) ? undefined : node.for_each;
  const spec: Record<keyof ProposedSpec, unknown> = {
    done: node.done_when,
    checks: node.checks,
    effort: node.effort,
    paths: node.paths,
    attempts: node.attempts,
    backoffMs: node.backoff_seconds === undefined ? undefined : node.backoff_seconds * 1_000,
    escalate: node.escalate_to,
    deadlineMs: node.deadline_minutes === undefined ? undefined : Math.round(node.deadline_minutes * 60_000),
    race: node.race,
    keep: node.keep,
    parent: node.part_of,
    onlyIf: node.only_if === undefined ? undefined : { task: node.only_if.node, is: node.only_if.is },
    need: node.need,
    gate: gateOf(node.gate),
    review: node.reviewed_by === undefined ? undefined : { role: node.reviewed_by },
    each:
      from === undefined
        ? undefined
        : { from: from.from, title: node.title, brief: node.brief, role: from.role ?? node.role ?? null },
  };
  return Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined)) as ProposedSpec;
}

const filled = (text: string, item: string) => text.replaceAll('{{item}}', item);

/** A static fan-out: a group, and in it one task an item. */
function fannedOut(node: PlanNode, items: readonly string[]): PlanNode[] {
  const { for_each: _, depends_on, part_of, only_if, need, ...rest } = node;
  const place = { ...(part_of && { part_of }), ...(only_if && { only_if }), ...(need && { need }) };
  const group: PlanNode = {
    key: node.key,
    kind: 'group',
    title: filled(node.title, '…'),
    brief: '',
    depends_on,
    ...place,
  };
  const children = items.map((item, index) => ({
    ...rest,
    key: `${node.key}-${index + 1}`,
    title: node.title.includes('{{item}}') ? filled(node.title, item) : `${node.title}: ${item}`,
    brief: filled(node.brief, item),
    depends_on: [],
    part_of: node.key,
  }));
  return [group, ...children];
}

/** The tasks that nodes of a plan are, fan-outs over a list spread out. */
export function proposedOf(nodes: readonly PlanNode[], whoIs: WhoIs): ProposedTask[] {
  const spread = nodes.flatMap((node) => (Array.isArray(node.for_each) ? fannedOut(node, node.for_each) : [node]));
  return spread.map((node) => {
    const kind = node.kind === 'gate' || node.gate ? 'gate' : node.kind === 'group' || node.for_each ? 'group' : 'work';
    const spec = specOf(node);
    return {
      key: node.key,
      title: node.title,
      brief: node.brief,
      assignee: kind === 'work' && node.role !== undefined ? whoIs(node.role) : { kind: 'anyone' },
      dependsOn: node.depends_on,
      ...(kind === 'work' ? {} : { kind }),
      ...(Object.keys(spec).length === 0 ? {} : { spec }),
    };
  });
}
