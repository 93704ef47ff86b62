import type { z } from 'zod';
import type { ProposedSpec, ProposedTask } from '#main/features/goals/index.ts';
import type { writtenTask } from '#protocol/contract/plan.ts';
import type { LeftTask } from '#protocol/model/goal/boundaries.ts';
import type { AgentRecord, Assignee } from '#protocol/model/goal/parts.ts';
import type { Gate, TaskSpec } from '#protocol/model/goal/spec.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import type { PayloadRef } from '#protocol/model/payload.ts';
import type { Parts } from '../parts.ts';
import { payloadIds } from '../texts.ts';

/** What of a goal is done again, and by whom. */
export interface Rewritten {
  readonly left: readonly LeftTask[];
  readonly done: ReadonlySet<string>;
  /** The fork's agents by the ids of those they stand for. */
  readonly agents: ReadonlyMap<string, AgentRecord>;
}

type Say = (ref: PayloadRef) => string;

function gateOf(gate: Gate, say: Say): ProposedSpec['gate'] {
  return gate.kind === 'check' ? { kind: 'check', command: say(gate.command) } : gate;
}

/** A spec with its texts in full, as it is proposed. */
function specOf({ done, checks, paths, gate, each, ...plain }: TaskSpec, say: Say): ProposedSpec {
  return {
    ...plain,
    ...(done === undefined ? {} : { done: say(done) }),
    ...(checks === undefined ? {} : { checks: checks.map(say) }),
    ...(paths === undefined ? {} : { paths: paths.map(say) }),
    ...(gate === undefined ? {} : { gate: gateOf(gate, say) }),
    ...(each === undefined ? {} : { each: { ...each, title: say(each.title), brief: say(each.brief) } }),
  };
}

/** To whom a task goes in the fork: whoever left is anyone. */
function assigneeOf(assignee: Assignee, agents: Rewritten['agents']): Assignee {
  if (assignee.kind !== 'agent') return assignee;
  const agent = agents.get(assignee.agent);
  return agent ? { kind: 'agent', agent: agent.id } : { kind: 'anyone' };
}

/** The children of a fan-out whose items are known, and which had not begun. */
function childrenOf(
  goal: Goal,
  { task, spec }: LeftTask,
  left: readonly LeftTask[],
): Array<Omit<LeftTask, 'spec'> & { readonly key: string }> {
  const each = task.spec?.each;
  if (each === undefined || spec?.each !== undefined) return [];
  if (left.some((other) => other.spec?.parent === task.id)) return [];
  return (goal.tasks[each.from]?.items ?? []).map((item, at) => ({
    key: `${task.id}.${at}`,
    dependsOn: [],
    task: {
      ...task,
      title: item,
      brief: each.brief,
      assignee: each.role === null ? { kind: 'anyone' } : { kind: 'role', role: each.role },
    },
  }));
}

async function same(parts: Parts, goal: Goal, { left, agents }: Rewritten): Promise<ProposedTask[]> {
  const texts = await parts.engine.payloads([...payloadIds([left, goal.tasks])]);
  const say: Say = (ref) => texts.get(ref.id) ?? '';
  const again = left.map(
    ({ task, dependsOn, spec }): ProposedTask => ({
      key: task.id,
      id: parts.newId('task'),
      title: say(task.title),
      brief: task.brief.id === task.title.id ? '' : say(task.brief),
      assignee: assigneeOf(task.assignee, agents),
      dependsOn,
      ...(task.kind === 'gate' || task.kind === 'group' ? { kind: task.kind } : {}),
      ...(spec === undefined ? {} : { spec: specOf(spec, say) }),
    }),
  );
  const children = left.flatMap((each) =>
    childrenOf(goal, each, left).map(
      ({ key, task }): ProposedTask => ({
        key,
        id: parts.newId('task'),
        title: say(task.title),
        brief: say(task.brief),
        assignee: task.assignee,
        dependsOn: [],
        spec: { parent: each.task.id },
      }),
    ),
  );
  return [...again, ...children];
}

/** The tasks a fork begins with: what is left of the plan, or what was `written` instead. */
export async function forkTasks(
  parts: Parts,
  goal: Goal,
  written: ReadonlyArray<z.output<typeof writtenTask>> | null,
  rewritten: Rewritten,
): Promise<ProposedTask[]> {
  if (written === null) return same(parts, goal, rewritten);
  return written.map(({ spec, ...task }) => ({
    ...task,
    id: parts.newId('task'),
    assignee: assigneeOf(task.assignee, rewritten.agents),
    // What is in the files already holds nothing up.
    dependsOn: task.dependsOn.filter((on) => !rewritten.done.has(on)),
    ...(spec === undefined ? {} : { spec }),
  }));
}
