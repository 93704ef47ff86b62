import type { Conversation } from '#protocol/model/conversation/state.ts';
import { openCollisions } from '#protocol/model/goal/collide.ts';
import { crewOf, inBacklog } from '#protocol/model/goal/ready.ts';
import type { Goal, Task } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER } from '#protocol/model/goal/status.ts';
import type { Layout } from '#protocol/model/layout/state.ts';

/**
 * An edge of the graph. Ids say what they are: `link:TASK>ON`, `if:TASK>ON` (starts only if that ended so), `part:TASK`
 * (from its sub-plan), `does:TASK`, `gave:TASK`, `talk:A~B`, `wait:ATTEMPT`, `hit:COLLISION`.
 */
export interface GraphEdge {
  readonly id: string;
  readonly kind: 'link' | 'if' | 'part' | 'does' | 'gave' | 'talk' | 'wait' | 'hit';
  /** Ids of nodes: `task:ID` or `agent:ID`. */
  readonly source: string;
  readonly target: string;
  /** Messages on a `talk` edge; 1 on a `link` that is a condition, too; else 0. */
  readonly count: number;
}

/** What a goal looks like as a graph: ids only, cards read their own records. */
export interface Graph {
  readonly agents: readonly string[];
  readonly tasks: readonly string[];
  readonly edges: readonly GraphEdge[];
  /** Tasks that lie in the dock. */
  readonly backlog: readonly string[];
}

/** Id of a task's node. */
export const taskNode = (id: string): string => `task:${id}`;
/** Id of an agent's node. */
export const agentNode = (id: string): string => `agent:${id}`;
/** The id behind a node's. */
export const idOf = (node: string): string => node.slice(node.indexOf(':') + 1);
/** Whether a node is a task's. */
export const isTask = (node: string): boolean => node.startsWith('task:');
/** Whether a node is an agent's. */
export const isAgent = (node: string): boolean => node.startsWith('agent:');

/** The agent a task is with now: of its last attempt, else the one it was given to; null when nobody in particular. */
export function ownerOf(goal: Goal, task: Task): string | null {
  const last = goal.attempts[task.attempts.at(-1) ?? ''];
  if (last && (!ATTEMPT_OVER.has(last.status) || task.status === 'done')) return last.agent;
  return task.assignee.kind === 'agent' ? task.assignee.agent : null;
}

/** Backlog tasks stay in the dock until they are placed by hand or belong to an edge. */
function inDock(task: Task, linked: ReadonlySet<string>, layout: Layout | undefined): boolean {
  return inBacklog(task) && !linked.has(task.id) && layout?.places[taskNode(task.id)] === undefined;
}

function talkEdges(goal: Goal, conversations: readonly Conversation[]): GraphEdge[] {
  const counts = new Map<string, number>();
  for (const conversation of conversations) {
    for (const message of Object.values(conversation.messages)) {
      if (message.goal !== goal.id || !goal.agents[message.from]) continue;
      for (const to of message.to) {
        if (!goal.agents[to] || to === message.from) continue;
        const pair = [message.from, to].sort().join('~');
        counts.set(pair, (counts.get(pair) ?? 0) + 1);
      }
    }
  }
  return [...counts].map(([pair, count]) => {
    const [a = '', b = ''] = pair.split('~');
    return { id: `talk:${pair}`, kind: 'talk', source: agentNode(a), target: agentNode(b), count };
  });
}

/** What a node branches on, where it does not wait for that anyway, and the sub-plan it belongs to. */
function structureEdges(task: Task, shown: ReadonlySet<string>): GraphEdge[] {
  const { onlyIf, parent } = task.spec ?? {};
  const target = taskNode(task.id);
  const edges: GraphEdge[] = [];
  if (onlyIf && shown.has(onlyIf.task) && !task.dependsOn.includes(onlyIf.task))
    edges.push({ id: `if:${task.id}>${onlyIf.task}`, kind: 'if', source: taskNode(onlyIf.task), target, count: 1 });
  if (parent !== undefined && shown.has(parent))
    edges.push({ id: `part:${task.id}`, kind: 'part', source: taskNode(parent), target, count: 0 });
  return edges;
}

function taskEdges(goal: Goal, tasks: readonly Task[]): GraphEdge[] {
  const shown = new Set(tasks.map((task) => task.id));
  const agents = new Set(crewOf(goal).map((agent) => agent.id));
  return tasks.flatMap((task): GraphEdge[] => {
    const target = taskNode(task.id);
    const links = task.dependsOn
      .filter((on) => shown.has(on))
      .map((on): GraphEdge => {
        const count = task.spec?.onlyIf?.task === on ? 1 : 0;
        return { id: `link:${task.id}>${on}`, kind: 'link', source: taskNode(on), target, count };
      });
    const owner = ownerOf(goal, task);
    const does: GraphEdge[] =
      owner !== null && agents.has(owner)
        ? [{ id: `does:${task.id}`, kind: 'does', source: agentNode(owner), target, count: 0 }]
        : [];
    const gave: GraphEdge[] =
      agents.has(task.by) && task.by !== owner && task.kind === 'work' && !goal.agents[task.by]?.lead
        ? [{ id: `gave:${task.id}`, kind: 'gave', source: agentNode(task.by), target, count: 0 }]
        : [];
    return [...links, ...structureEdges(task, shown), ...does, ...gave];
  });
}

/** Attempts that wait for another agent. */
function waitEdges(goal: Goal): GraphEdge[] {
  return Object.values(goal.attempts).flatMap((attempt) => {
    const owner = attempt.status === 'waiting' ? attempt.wait?.owner : undefined;
    if (owner === undefined || !goal.agents[owner] || owner === attempt.agent) return [];
    return [
      { id: `wait:${attempt.id}`, kind: 'wait', source: agentNode(attempt.agent), target: agentNode(owner), count: 0 },
    ];
  });
}

/** Work that gets into other work's way, between the two tasks. */
function collisionEdges(goal: Goal, tasks: readonly Task[]): GraphEdge[] {
  const shown = new Set(tasks.map((task) => task.id));
  return openCollisions(goal).flatMap(({ id, attempts, count }) => {
    const [source = '', target = ''] = attempts.map((attempt) => goal.attempts[attempt]?.task ?? '');
    if (!shown.has(source) || !shown.has(target)) return [];
    return [{ id: `hit:${id}`, kind: 'hit', source: taskNode(source), target: taskNode(target), count }];
  });
}

/** Nodes that an edge of the plan ties a node to. */
const tiesOf = ({ dependsOn, spec }: Task) =>
  [...dependsOn, spec?.onlyIf?.task, spec?.parent].filter((on) => on !== undefined);

/** Replies and reviews serve other tasks: they are no cards. Of what is out of the plan, only branches not taken are shown. */
const isCard = ({ kind, status, skipped }: Task) =>
  kind !== 'reply' && kind !== 'review' && (status !== 'cancelled' || skipped === true);

/** The graph of a goal. Replies to messages and cancelled tasks are no part of the plan. */
export function graphOf(
  goal: Goal,
  conversations: Readonly<Record<string, Conversation>>,
  layout: Layout | undefined,
): Graph {
  const all = Object.values(goal.tasks).filter(isCard);
  const linked = new Set(all.flatMap((task) => (tiesOf(task).length > 0 ? [task.id, ...tiesOf(task)] : [])));
  const backlog = all.filter((task) => inDock(task, linked, layout));
  const docked = new Set(backlog.map((task) => task.id));
  const tasks = all.filter((task) => !docked.has(task.id));
  return {
    agents: crewOf(goal).map((agent) => agent.id),
    tasks: tasks.map((task) => task.id),
    edges: [
      ...taskEdges(goal, tasks),
      ...talkEdges(goal, Object.values(conversations)),
      ...waitEdges(goal),
      ...collisionEdges(goal, tasks),
    ],
    backlog: backlog.map((task) => task.id),
  };
}

/** The tasks along the circle that `task` waiting for `on` would close, from `task` back to it; null when there is none. */
export function circleOf(goal: Goal, task: string, on: string): string[] | null {
  const path = [on];
  const seen = new Set<string>();
  const visit = (id: string): boolean => {
    if (id === task) return true;
    if (seen.has(id)) return false;
    seen.add(id);
    for (const next of goal.tasks[id]?.dependsOn ?? []) {
      path.push(next);
      if (visit(next)) return true;
      path.pop();
    }
    return false;
  };
  return visit(on) ? [task, ...path] : null;
}
