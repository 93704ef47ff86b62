import { z } from 'zod';
import { planNode, proposedOf, whoIsIn } from '#main/features/plans/index.ts';
import { err, ok } from '#main/platform/result.ts';
import { faultOf } from '#protocol/model/fault.ts';
import type { Assignee } from '#protocol/model/goal/parts.ts';
import { crewOf } from '#protocol/model/goal/ready.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { OCCUPYING } from '#protocol/model/goal/status.ts';
import { tool } from './context.ts';

/** Whom an agent means; the backlog is only the CEO's, so `nobody` is a role that nobody has. */
function whoFor(goal: Goal): (name: string) => Assignee {
  const whoIs = whoIsIn(goal);
  return (name) => {
    const assignee = whoIs(name);
    return assignee.kind === 'nobody' ? { kind: 'role', role: 'nobody' } : assignee;
  };
}

const who = z.string().min(1).max(100).describe('A role, an agent, or "anyone"');
const title = z.string().trim().min(1).max(200);
const brief = z.string().trim().min(1).max(20_000).describe('What to do and how it is known to be done');
const noGoal = faultOf('no-goal', 'The goal is gone.', 'It is not in the store.', 'End your turn.');

/** Who is in the crew and what each is doing. */
export const listAgents = tool({
  name: 'list_agents',
  description: 'List the agents of the crew with role and state.',
  input: z.strictObject({}),
  async run(_input, { caller, world }) {
    const goal = world.goals.state(caller.goal);
    if (!goal) return err(noGoal);
    const rows = crewOf(goal).map((agent) => {
      const open = Object.values(goal.attempts).find(
        (each) => each.agent === agent.id && (OCCUPYING.has(each.status) || each.status === 'waiting'),
      );
      return `${agent.name} (role ${agent.role}, id ${agent.id})${agent.id === caller.agent ? ', you' : ''}: ${open ? open.status : 'idle'}`;
    });
    return ok(rows.join('\n'));
  },
});

/** The Lead's plan. */
export const proposePlan = tool({
  name: 'propose_plan',
  description:
    'Propose the plan of the goal: tasks with a role, dependencies by key, a definition of done and checks a command can make. Tasks without dependencies run in parallel. Gates, groups, races, reviews and branches where they help.',
  input: z.strictObject({ tasks: z.array(planNode).min(1).max(1_000) }),
  async run(input, { caller, world, toolUseId }) {
    const goal = world.goals.state(caller.goal);
    if (!goal) return err(noGoal);
    const tasks = proposedOf(input.tasks, whoFor(goal));
    const result = await world.goals.execute(
      caller.goal,
      { type: 'propose-plan', run: caller.run, tasks },
      toolUseId === null ? {} : { id: `plan:${caller.attempt}:${toolUseId}` },
    );
    if (!result.ok) return result;
    return ok(`The plan of ${tasks.length} tasks is recorded. Call complete_task and end your turn.`);
  },
});

/** One task for somebody else. */
export const delegateTask = tool({
  name: 'delegate_task',
  description:
    'Give a task to another role or agent. With wait, you are woken when it is done: end your turn meanwhile.',
  input: z.strictObject({ to: who, title, brief, wait: z.boolean().default(true) }),
  async run(input, { caller, world, toolUseId }) {
    const goal = world.goals.state(caller.goal);
    if (!goal) return err(noGoal);
    const task = {
      key: 'task',
      title: input.title,
      brief: input.brief,
      assignee: whoFor(goal)(input.to),
      dependsOn: [],
    };
    const result = await world.goals.execute(
      caller.goal,
      { type: 'add-tasks', tasks: [task], by: caller.agent, ...(input.wait ? { awaitedBy: caller.run } : {}) },
      toolUseId === null ? {} : { id: `delegate:${caller.attempt}:${toolUseId}` },
    );
    if (!result.ok) return result;
    return ok(input.wait ? 'Delegated. End your turn now; you are woken when it is done.' : 'Delegated.');
  },
});

/** Where the agent is. */
export const reportProgress = tool({
  name: 'report_progress',
  description: 'Say in one line where you are.',
  input: z.strictObject({ note: z.string().trim().min(1).max(500) }),
  async run(input, { caller, world }) {
    const result = await world.goals.execute(caller.goal, { type: 'progress', run: caller.run, note: input.note });
    return result.ok ? ok('Noted.') : result;
  },
});

const resultWord = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);

/** A reviewer's verdict; the engine enforces it. */
export const review = tool({
  name: 'review',
  description:
    'Give your verdict on the work you were asked to review, then end your turn. Changes go back to its author with your comments.',
  input: z.strictObject({
    verdict: z.enum(['approve', 'request-changes']),
    comments: z.string().trim().min(1).max(20_000).describe('What is good or wrong, with file and line where it helps'),
  }),
  async run(input, { caller, world, toolUseId }) {
    const result = await world.goals.execute(
      caller.goal,
      { type: 'review', run: caller.run, approved: input.verdict === 'approve', comments: input.comments },
      toolUseId === null ? {} : { id: `review:${caller.attempt}:${toolUseId}` },
    );
    return result.ok ? ok('Recorded. End your turn now.') : result;
  },
});

/** The agent's claim; the check decides. */
export const completeTask = tool({
  name: 'complete_task',
  description:
    'Say that your task is done (or that you are blocked), then end your turn. AIOS commits and checks your work; failing checks come back to you.',
  input: z.strictObject({
    status: z.enum(['done', 'blocked']).default('done'),
    summary: z.string().trim().min(1).max(4_000),
    result: resultWord.optional().describe('A word the plan branches on, when your task asks for one'),
    items: z
      .array(z.string().trim().min(1).max(200))
      .max(200)
      .optional()
      .describe('The items of a list, when your task is to find them'),
  }),
  async run(input, { caller, world }) {
    const result = await world.goals.execute(caller.goal, {
      type: 'claim',
      run: caller.run,
      claim: input.status,
      summary: input.summary,
      ...(input.result === undefined ? {} : { result: input.result }),
      ...(input.items === undefined ? {} : { items: input.items }),
    });
    return result.ok ? ok('Recorded. End your turn now; the work is checked next.') : result;
  },
});

/** Asks the CEO; replayed with the answer. */
export const askCeo = tool({
  name: 'ask_ceo',
  description: 'Ask the CEO something only a person can decide. You are resumed with the answer.',
  input: z.strictObject({ question: z.string().trim().min(1).max(2_000), detail: z.string().max(20_000).default('') }),
  async run(_input, { caller, world }) {
    const goal = world.goals.state(caller.goal);
    const item = Object.values(goal?.items ?? {}).findLast(
      (each) => each.attempt === caller.attempt && each.kind === 'question' && each.closed !== null,
    );
    const text = item?.closed?.text;
    if (!text) return ok('The CEO has not answered yet. The answer will reach you; end your turn.');
    const texts = await world.texts([text.id]);
    return ok(`The CEO answers: ${texts.get(text.id) ?? ''}`);
  },
});
