import { PLANNED } from '#protocol/model/goal/kinds.ts';
import type { Gate, TaskSpec } from '#protocol/model/goal/spec.ts';
import type { Goal, Task } from '#protocol/model/goal/state.ts';
import type { PlanNode } from './node.ts';
import type { TextOf } from './texts.ts';

/** A node as it is written: nothing that is absent, empty or the default. */
export type WrittenNode = { readonly [K in keyof PlanNode]?: PlanNode[K] | undefined } & Pick<
  PlanNode,
  'key' | 'title'
>;

function gateOf(gate: Gate, textOf: TextOf): PlanNode['gate'] {
  switch (gate.kind) {
    case 'approval':
      return { on: 'approval' };
    case 'check':
      return { on: 'check', command: textOf(gate.command) };
    case 'timer':
      return { on: 'timer', minutes: gate.ms / 60_000 };
    case 'event':
      return { on: 'event', name: gate.name };
  }
}

function whoOf(goal: Goal, { assignee, kind }: Task): string | undefined {
  if (kind !== 'work') return undefined;
  switch (assignee.kind) {
    case 'agent':
      return goal.agents[assignee.agent]?.name ?? assignee.agent;
    case 'role':
      return assignee.role;
    case 'anyone':
      return 'anyone';
    case 'nobody':
      return 'nobody';
  }
}

function specOf(spec: TaskSpec, textOf: TextOf): Omit<WrittenNode, 'key' | 'title'> {
  const { backoffMs, deadlineMs, each, gate, onlyIf } = spec;
  return {
    done_when: spec.done && textOf(spec.done),
    checks: spec.checks?.map(textOf),
    effort: spec.effort,
    paths: spec.paths?.map(textOf),
    attempts: spec.attempts,
    backoff_seconds: backoffMs === undefined ? undefined : Math.round(backoffMs / 1_000),
    escalate_to: spec.escalate,
    deadline_minutes: deadlineMs === undefined ? undefined : deadlineMs / 60_000,
    race: spec.race,
    keep: spec.keep,
    part_of: spec.parent,
    only_if: onlyIf === undefined ? undefined : { node: onlyIf.task, is: onlyIf.is },
    need: spec.need,
    gate: gate === undefined ? undefined : gateOf(gate, textOf),
    reviewed_by: spec.review?.role,
    for_each: each === undefined ? undefined : { from: each.from, ...(each.role === null ? {} : { role: each.role }) },
  };
}

const isSaid = (value: unknown) => value !== undefined && !(Array.isArray(value) && value.length === 0);

/**
 * What the plan of a goal is meant to be, without what became of it: its nodes in order, by their ids. Nodes that were
 * taken out are not part of it; those a fan-out made are its own.
 */
export function intentOf(goal: Goal, wordsOf: TextOf): WrittenNode[] {
  // Space around a text is nothing a file keeps.
  const textOf: TextOf = (ref) => wordsOf(ref).trim();
  const spread = new Set(Object.values(goal.tasks).flatMap(({ id, spec }) => (spec?.each === undefined ? [] : [id])));
  const nodes = Object.values(goal.tasks).filter(
    (task) =>
      PLANNED.has(task.kind) &&
      (task.status !== 'cancelled' || task.skipped === true) &&
      !spread.has(task.spec?.parent ?? ''),
  );
  return nodes.map((task) => {
    const node: WrittenNode = {
      key: task.id,
      kind: task.kind === 'gate' || task.kind === 'group' ? task.kind : undefined,
      title: textOf(task.title),
      brief: task.brief.id === task.title.id ? undefined : textOf(task.brief),
      role: whoOf(goal, task),
      depends_on: [...task.dependsOn],
      ...(task.spec === undefined ? {} : specOf(task.spec, textOf)),
    };
    return Object.fromEntries(Object.entries(node).filter(([, value]) => isSaid(value))) as WrittenNode;
  });
}
