import { ANSWERS } from '#protocol/model/goal/answers.ts';
import {
  describeGoal,
  describeTask,
  openItems,
  type Standing,
  type TextOf,
  textsIn,
} from '#protocol/model/goal/describe.ts';
import type { Goal, Task } from '#protocol/model/goal/state.ts';
import { whyOf } from '#protocol/model/goal/why.ts';
import { sayCause, sayWhy } from '#protocol/model/goal/why-words.ts';
import { formatUsd } from '#protocol/model/money.ts';
import type { World } from '#protocol/model/world.ts';
import { duration, oneLine } from '../text.ts';

/** One shape a state, so that nothing is told by colour alone. */
export const SHAPES: Readonly<Record<Standing, string>> = {
  running: '●',
  waiting: '◌',
  'needs-you': '▲',
  failed: '✕',
  done: '✓',
  idle: '–',
};

/** How the view is drawn. */
export interface ViewOptions {
  readonly width: number;
  readonly now: number;
  /** Most lines; the rest is counted. */
  readonly height: number;
}

/** Tasks in an order in which everything stands below what it waits for, with how deep it lies. */
export function taskTree(goal: Goal): Array<{ readonly task: Task; readonly depth: number }> {
  const depths = new Map<string, number>();
  const depthOf = (id: string, above: ReadonlySet<string>): number => {
    const known = depths.get(id);
    if (known !== undefined || above.has(id)) return known ?? 0;
    const within = new Set([...above, id]);
    const depth = Math.max(-1, ...(goal.tasks[id]?.dependsOn ?? []).map((on) => depthOf(on, within))) + 1;
    depths.set(id, depth);
    return depth;
  };
  return Object.values(goal.tasks)
    .map((task) => ({ task, depth: depthOf(task.id, new Set()) }))
    .sort((one, other) => one.depth - other.depth || one.task.addedAt - other.task.addedAt);
}

/** What was spent of what a goal may spend. */
export function spendOf(world: World, goal: Goal): string {
  const node = world.budgets.nodes[`goal/${goal.id}`];
  const cap = node?.cap ?? (goal.limits.goalNanos > 0 ? goal.limits.goalNanos : null);
  const scripted = goal.ledger === 'rehearsal' ? ' (scripted, not real money)' : '';
  return `${formatUsd(node?.spent ?? 0)}${cap === null ? '' : ` of ${formatUsd(cap)}`}${scripted}`;
}

/** Why the goal does not move, whose turn it is, and what helps; nothing while it moves. */
function whyLines(goal: Goal, textOf: TextOf): string[] {
  const why = whyOf(goal, { kind: 'goal', id: goal.id });
  if (!why) return [];
  const root = why.chain.at(-1) ?? why;
  const said = sayWhy(goal, why, textOf);
  return [`  stands still: ${sayCause(goal, root, textOf)} (${said.ownerSays}); ${said.actionSays}`];
}

function progressOf(goal: Goal): string {
  const tasks = Object.values(goal.tasks).filter((task) => task.status !== 'cancelled');
  return `${tasks.filter((task) => task.status === 'done').length} of ${tasks.length} tasks done`;
}

function ownerOf(goal: Goal, task: Task): string {
  const attempt = goal.attempts[task.attempts.at(-1) ?? ''];
  if (attempt) return goal.agents[attempt.agent]?.name ?? '';
  if (task.assignee.kind === 'agent') return goal.agents[task.assignee.agent]?.name ?? '';
  return task.assignee.kind === 'role' ? task.assignee.role : task.assignee.kind;
}

function taskLines(world: World, goal: Goal, textOf: TextOf): string[] {
  return taskTree(goal).map(({ task, depth }) => {
    const { standing, why, turn } = describeTask(goal, task, textOf);
    const branch = depth === 0 ? '' : `${'  '.repeat(depth - 1)}└ `;
    const live = world.live.find((each) => each.goal === goal.id && goal.attempts[each.attempt]?.task === task.id);
    const activity = live && standing === 'running' ? live.activity || why : turn === '' ? why : `${why} (${turn})`;
    return `  ${branch}${SHAPES[standing]} ${textOf(task.title)}  [${ownerOf(goal, task)}] ${activity}`;
  });
}

function agentLines(world: World, goal: Goal, now: number): string[] {
  return Object.values(goal.agents).map((agent) => {
    const live = world.live.find((each) => each.goal === goal.id && each.agent === agent.id);
    const spent = world.budgets.byAgent[agent.id]?.nanos ?? 0;
    const doing = live
      ? `${SHAPES.running} ${live.activity || 'working'}, ${duration(now - live.startedAt)}, last progress ${duration(now - live.progressAt)} ago`
      : `${SHAPES.idle} no process`;
    return `  ${agent.name} (${agent.role})  ${formatUsd(spent)}  ${doing}`;
  });
}

function itemLines(goal: Goal, textOf: TextOf): string[] {
  return openItems(goal).flatMap((item) => [
    `  ${SHAPES['needs-you']} ${item.kind}: ${textOf(item.title)}`,
    `      aios inbox answer ${goal.id} ${item.id} ${ANSWERS[item.kind].join('|')}`,
  ]);
}

const section = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ['', title, ...lines]);

/** The state of one goal as lines for a terminal. Pure. */
export function renderGoal(world: World, goalId: string, options: ViewOptions): string[] {
  const goal = world.goals[goalId];
  if (!goal) return ['The goal is not known yet.'];
  const textOf = textsIn(world.texts);
  const { standing, why } = describeGoal(goal);
  const lines = [
    `${SHAPES[standing]} ${textOf(goal.text)}`,
    `  ${why} · ${progressOf(goal)} · ${spendOf(world, goal)} · ${duration((goal.endedAt ?? options.now) - goal.statedAt)}`,
    ...whyLines(goal, textOf),
    ...section('Tasks', taskLines(world, goal, textOf)),
    ...section('Agents', agentLines(world, goal, options.now)),
    ...section('Needs you', itemLines(goal, textOf)),
  ];
  const shown =
    lines.length > options.height
      ? [...lines.slice(0, options.height - 1), `  … ${lines.length - options.height + 1} more lines: aios status`]
      : lines;
  // Leading spaces carry the tree; what follows them is text from anywhere.
  return shown.map(
    (line) => (line.match(/^ */)?.[0] ?? '') + oneLine(line, options.width - (line.length - line.trimStart().length)),
  );
}
