import { z } from 'zod';
import { differenceOf, intentOf, planNode, textIdsOf, whoIsIn, writePlan } from '#main/features/plans/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { PLANNED } from '#protocol/model/goal/kinds.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { type ToolCall, tool } from './context.ts';

const noGoal = faultOf('no-goal', 'The goal is gone.', 'It is not in the store.', 'End your turn.');
const key = z.string().trim().min(1).max(100);

/** A node's fields without what they default to: what is absent stays as it is. */
const planChange = z.strictObject({
  key,
  title: planNode.shape.title.optional(),
  brief: z.string().trim().max(20_000).optional(),
  role: planNode.shape.role,
  depends_on: z.array(key).max(100).optional(),
  done_when: planNode.shape.done_when,
  checks: planNode.shape.checks,
  effort: planNode.shape.effort,
  attempts: planNode.shape.attempts,
  escalate_to: planNode.shape.escalate_to,
  deadline_minutes: planNode.shape.deadline_minutes,
  reviewed_by: planNode.shape.reviewed_by,
});

async function intent(goal: Goal, { world }: ToolCall) {
  const texts = await world.texts(textIdsOf(goal));
  return intentOf(goal, ({ id }) => texts.get(id) ?? '');
}

/** The plan as it is meant, and how far each node is. */
export const readPlan = tool({
  name: 'read_plan',
  description: 'Read the plan: its nodes by key, and how far each is.',
  input: z.strictObject({}),
  async run(_input, call) {
    const goal = call.world.goals.state(call.caller.goal);
    if (!goal) return err(noGoal);
    const state = Object.values(goal.tasks)
      .filter((task) => PLANNED.has(task.kind))
      .map((task) => {
        const attempt = goal.attempts[task.attempts.at(-1) ?? ''];
        const who = goal.agents[attempt?.agent ?? '']?.name;
        return `- ${task.id}: ${task.status}${who === undefined ? '' : `, ${who}`}${attempt?.cause ? `, ${attempt.cause}` : ''}`;
      });
    return ok(`${writePlan(goal.id, await intent(goal, call))}\nHow far it is:\n${state.join('\n')}`);
  },
});

interface Revision {
  readonly add: readonly z.infer<typeof planNode>[];
  readonly change: readonly z.infer<typeof planChange>[];
  readonly remove: readonly string[];
}

/** The plan's nodes with a revision made to them. Fails where it names what is not there. */
async function revised(
  goal: Goal,
  revision: Revision,
  call: ToolCall,
): Promise<Result<z.infer<typeof planNode>[], Fault>> {
  const before = await intent(goal, call);
  const keys = new Set(before.map((node) => node.key));
  const unknown = [...revision.change.map((each) => each.key), ...revision.remove].filter((each) => !keys.has(each));
  if (unknown.length > 0)
    return err(
      faultOf(
        'no-such-task',
        `There is no node ${unknown.join(', ')}.`,
        'Keys are those of read_plan.',
        'Read the plan again.',
      ),
    );
  const changes = new Map(revision.change.map((each) => [each.key, each]));
  const kept = before
    .filter((node) => !revision.remove.includes(node.key))
    .map((node) => planNode.parse({ ...node, ...changes.get(node.key) }));
  return ok([...kept, ...revision.add]);
}

/** Puts a plan right that does not get on. With approvals on it is a proposal to the CEO. */
export const revisePlan = tool({
  name: 'revise_plan',
  description:
    'Put the plan right: add nodes, change or remove those that have not started, retry failed ones (give their keys). All or nothing.',
  input: z.strictObject({
    add: z.array(planNode).max(200).default([]),
    change: z.array(planChange).max(200).default([]),
    remove: z.array(key).max(200).default([]),
    retry: z.array(key).max(50).default([]),
  }),
  async run(input, call) {
    const { caller, world, toolUseId } = call;
    const goal = world.goals.state(caller.goal);
    if (!goal) return err(noGoal);
    const before = await intent(goal, call);
    const nodes = await revised(goal, input, call);
    const found = nodes.ok ? differenceOf(goal, before, nodes.value, whoIsIn(goal)) : nodes;
    if (!found.ok || !nodes.ok) return found.ok ? err(noGoal) : found;
    const { lines, change } = found.value;
    const retried = input.retry;
    if (lines.length + retried.length === 0)
      return err(
        faultOf('nothing-to-do', 'This changes nothing.', 'The plan says so already.', 'Name what should differ.'),
      );
    const done = await world.goals.execute(
      caller.goal,
      goal.mode === 'ask' && lines.length > 0
        ? { type: 'propose-edit', run: caller.run, text: writePlan(goal.id, nodes.value), lines, retried }
        : { type: 'apply-plan', ...change, retried, by: caller.agent, run: caller.run },
      toolUseId === null ? {} : { id: `revise:${caller.attempt}:${toolUseId}` },
    );
    if (!done.ok) return done;
    const said = [...lines, ...retried.map((each) => `retry ${each}`)].join('\n');
    return ok(goal.mode === 'ask' && lines.length > 0 ? `Proposed to the CEO:\n${said}` : `Done:\n${said}`);
  },
});
