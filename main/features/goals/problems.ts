import { PLANNED } from '#protocol/model/goal/kinds.ts';
import type { Assignee } from '#protocol/model/goal/parts.ts';
import { agentsFor, crewOf } from '#protocol/model/goal/ready.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import type { ProposedSpec, ProposedTask } from './command.ts';
import { findCycle } from './cycle.ts';

const CEO = 'ceo';

/** The key under which two names are one: what differs only in case or composition would be taken for the other. */
const folded = (key: string) => key.normalize('NFC').toLowerCase();

/** Only the CEO writes to the backlog: what an agent adds is for somebody. */
function isTaken(goal: Goal, assignee: Assignee, by: string): boolean {
  return assignee.kind === 'nobody' ? by === CEO : agentsFor(goal, assignee).length > 0;
}

function rolesOf(goal: Goal): string[] {
  return [...new Set(crewOf(goal).map((agent) => agent.role))];
}

/** What contradicts itself in how one node is to be run. */
export function specProblems(goal: Goal, task: Omit<ProposedTask, 'title' | 'brief'>): string[] {
  const { key, spec = {}, kind = 'work', dependsOn, assignee } = task;
  const problems: string[] = [];
  const say = (wrong: boolean, what: string) => wrong && problems.push(`"${key}" ${what}`);
  const { race, review, escalate, onlyIf, need, gate, each, checks } = spec;
  say((gate !== undefined) !== (kind === 'gate'), kind === 'gate' ? 'is a gate without a condition' : 'is no gate');
  say(each !== undefined && kind !== 'group', 'fans out but is no sub-plan');
  say(kind !== 'work' && (race !== undefined || review !== undefined || escalate !== undefined), 'has no agent');
  say(race !== undefined && agentsFor(goal, assignee).length < race, `is a race of ${race} that fewer agents can run`);
  const roles = rolesOf(goal);
  say(escalate !== undefined && !roles.includes(escalate), `escalates to the role "${escalate}", which nobody has`);
  say(
    review !== undefined && !roles.includes(review.role),
    `is reviewed by the role "${review?.role}", which nobody has`,
  );
  say(review !== undefined && judgesItself(goal, assignee, review.role), 'would be reviewed by its own author');
  say(need !== undefined && need > dependsOn.length, `needs ${need} of ${dependsOn.length} dependencies`);
  const never = onlyIf !== undefined && dependsOn.includes(onlyIf.task) && onlyIf.is === 'failed';
  say(never && need === undefined, `waits for "${onlyIf?.task}" to be done and starts only if it failed`);
  say(checks?.some((command) => command.trim() === '' || command.includes('\0')) === true, 'has an empty check');
  say(gate?.kind === 'check' && gate.command.trim() === '', 'is a gate with an empty command');
  return problems;
}

function judgesItself(goal: Goal, assignee: Assignee, role: string): boolean {
  const doers = agentsFor(goal, assignee);
  const judges = crewOf(goal).filter((agent) => agent.role === role);
  return judges.length === 1 && doers.length === 1 && doers[0] === judges[0]?.id;
}

/** Nodes a node waits for: dependencies, what it branches on, fans out over, and what its sub-plan waits for. */
function waitsFor(dependsOn: readonly string[], spec: ProposedSpec | undefined): string[] {
  const others = [spec?.onlyIf?.task, spec?.each?.from].filter((each) => each !== undefined);
  return [...dependsOn, ...others, ...(spec?.parent === undefined ? [] : [`the start of ${spec.parent}`])];
}

/** What each node waits for, sub-plans for their nodes and nodes for the start of their sub-plan. */
export function waitGraph(
  nodes: ReadonlyArray<{ key: string; dependsOn: readonly string[]; spec?: ProposedSpec | undefined }>,
): Map<string, readonly string[]> {
  const graph = new Map<string, readonly string[]>();
  for (const { key, dependsOn, spec } of nodes) {
    graph.set(key, [...waitsFor(dependsOn, spec), ...(graph.get(key) ?? [])]);
    graph.set(`the start of ${key}`, waitsFor(dependsOn, spec));
    if (spec?.parent !== undefined) graph.set(spec.parent, [...(graph.get(spec.parent) ?? []), key]);
  }
  return graph;
}

function unknownNodes(goal: Goal, task: ProposedTask, known: ReadonlySet<string>): string[] {
  const { spec, key } = task;
  const isThere = (on: string) => known.has(on) || PLANNED.has(goal.tasks[on]?.kind ?? 'plan');
  const named = [...task.dependsOn, spec?.onlyIf?.task, spec?.each?.from].filter((on) => on !== undefined);
  const problems = named
    .filter((on) => !isThere(on))
    .map((on) =>
      goal.tasks[on] ? `"${key}" depends on what is no work` : `"${key}" depends on "${on}", which does not exist`,
    );
  return problems;
}

function parentProblems(goal: Goal, task: ProposedTask, groups: ReadonlySet<string>): string[] {
  const parent = task.spec?.parent;
  if (parent === undefined || groups.has(parent) || goal.tasks[parent]?.kind === 'group') return [];
  return [`"${task.key}" belongs to "${parent}", which is no sub-plan`];
}

/** Everything that is wrong with tasks somebody proposes; empty when they fit together and into the goal. */
export function problemsOf(goal: Goal, tasks: readonly ProposedTask[], by: string): string[] {
  const problems: string[] = [];
  const keys = new Set<string>();
  const known = new Set(tasks.map((task) => task.key));
  const groups = new Set(tasks.filter((task) => task.kind === 'group').map((task) => task.key));
  for (const task of tasks) {
    if (keys.has(folded(task.key))) problems.push(`key "${task.key}" is used twice`);
    keys.add(folded(task.key));
    if (task.title.trim() === '') problems.push(`task "${task.key}" has no title`);
    if (task.id !== undefined && goal.tasks[task.id]) problems.push(`the task "${task.key}" is there already`);
    if ((task.kind ?? 'work') === 'work' && !isTaken(goal, task.assignee, by)) {
      const roles = [...new Set(crewOf(goal).flatMap((agent) => (agent.lead ? [] : [agent.role])))].join(', ');
      problems.push(`nobody can take "${task.key}" (roles: ${roles})`);
    }
    problems.push(
      ...unknownNodes(goal, task, known),
      ...parentProblems(goal, task, groups),
      ...specProblems(goal, task),
    );
  }
  const cycle = findCycle(waitGraph(tasks));
  if (cycle) problems.push(`tasks wait for each other: ${cycle.join(' -> ')}`);
  return problems;
}
