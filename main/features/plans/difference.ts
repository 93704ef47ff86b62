import { isDeepStrictEqual } from 'node:util';
import type { GoalCommand, ProposedTask } from '#main/features/goals/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import type { WrittenNode } from './intent.ts';
import { type PlanNode, proposedOf, type WhoIs } from './node.ts';

type ApplyPlan = Extract<GoalCommand, { type: 'apply-plan' }>;

/** What a plan file would change, for people and as the command that does it. */
export interface PlanDifference {
  /** One line a change; empty: it says what holds already. */
  readonly lines: readonly string[];
  readonly change: Omit<ApplyPlan, 'type' | 'by'>;
}

const SPEC_KEYS = [
  ['done_when', 'done'],
  ['checks', 'checks'],
  ['effort', 'effort'],
  ['paths', 'paths'],
  ['attempts', 'attempts'],
  ['backoff_seconds', 'backoffMs'],
  ['escalate_to', 'escalate'],
  ['deadline_minutes', 'deadlineMs'],
  ['race', 'race'],
  ['keep', 'keep'],
  ['only_if', 'onlyIf'],
  ['need', 'need'],
  ['gate', 'gate'],
  ['reviewed_by', 'review'],
  ['for_each', 'each'],
  ['part_of', 'parent'],
] as const;

const folded = (key: string) => key.normalize('NFC').toLowerCase();

const shown = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value));

function withoutDefaults(node: PlanNode): WrittenNode {
  const isSaid = (value: unknown) =>
    value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
  const said = Object.entries({ ...node, kind: node.kind === 'task' ? undefined : node.kind });
  return Object.fromEntries(said.filter(([, value]) => isSaid(value))) as WrittenNode;
}

function changeOf(
  before: WrittenNode,
  after: WrittenNode,
  proposed: ProposedTask,
): { lines: string[]; change: ApplyPlan['changed'][number] | null } {
  const lines: string[] = [];
  const note = (what: string, from: unknown, to: unknown) =>
    lines.push(`~ ${before.title}: ${what}: ${shown(from)} -> ${shown(to)}`);
  const differs = (key: keyof WrittenNode) => !isDeepStrictEqual(before[key], after[key]);
  const keys = SPEC_KEYS.filter(([written]) => differs(written));
  for (const [written] of keys) note(written, before[written], after[written]);
  for (const key of ['title', 'brief', 'role', 'kind'] as const) if (differs(key)) note(key, before[key], after[key]);
  const [was, is] = [new Set(before.depends_on), new Set(after.depends_on)];
  const [link, unlink] = [[...is].filter((on) => !was.has(on)), [...was].filter((on) => !is.has(on))];
  if (link.length + unlink.length > 0) note('depends_on', [...was], [...is]);
  if (lines.length === 0) return { lines, change: null };
  const spec = Object.fromEntries(keys.map(([, key]) => [key, proposed.spec?.[key]]));
  const change = {
    task: before.key,
    link,
    unlink,
    ...(differs('title') ? { title: after.title } : {}),
    ...(differs('brief') ? { brief: after.brief ?? '' } : {}),
    ...(differs('role') ? { assignee: proposed.assignee } : {}),
    ...(keys.length === 0 ? {} : { spec }),
  };
  return { lines, change };
}

/** Compares a plan as it is with one as somebody wrote it. Fails with `bad-plan-file` where a key is there twice. */
export function differenceOf(
  goal: Goal,
  before: readonly WrittenNode[],
  after: readonly PlanNode[],
  whoIs: WhoIs,
): Result<PlanDifference, Fault> {
  const twice = after.find((node, index) => after.findIndex(({ key }) => folded(key) === folded(node.key)) < index);
  if (twice)
    return err(
      faultOf(
        'bad-plan-file',
        'The plan file cannot be used.',
        `The key "${twice.key}" is there twice.`,
        'Correct it; the plan goes on as it was.',
      ),
    );
  const there = new Map(before.map((node) => [node.key, node]));
  const kept = new Set(after.map((node) => node.key));
  const fresh = after.filter((node) => !there.has(node.key));
  const removed = before.filter(({ key }) => !kept.has(key) && !isOver(goal, key));
  const lines = [...fresh.map((node) => `+ ${node.title}`), ...removed.map((node) => `- ${node.title}`)];
  const changed: ApplyPlan['changed'][number][] = [];
  for (const node of after) {
    const was = there.get(node.key);
    const [proposed] = was ? proposedOf([node], whoIs) : [];
    if (!was || !proposed) continue;
    const { lines: more, change } = changeOf(was, withoutDefaults(node), proposed);
    lines.push(...more);
    if (change) changed.push(change);
  }
  return ok({ lines, change: { added: proposedOf(fresh, whoIs), removed: removed.map(({ key }) => key), changed } });
}

/** What is over stays in the plan's history whether a file names it or not. */
function isOver(goal: Goal, task: string): boolean {
  const status = goal.tasks[task]?.status;
  return status === 'done' || status === 'cancelled';
}
