import type { Step } from '../../agent-host/drivers/scripted/steps.ts';
import { contentIn, readLedger } from './judge.ts';
import { dataOf, type Evidence, exactly, type Kept, once, type Scenario, text, together } from './scenario.ts';
import { type PlannedTask, type World, workTask } from './world.ts';

const RECOVERIES = 4;
/** More often than a session is resumed: a kill may come first. Whoever takes over has none of these left. */
const CRASHES: Step[] = Array.from({ length: 3 * RECOVERIES }, () => ({ crash: true }));
/** So many chances to be full, since a kill may come before anybody heard of one. */
const FILLS = 4;

/** Every session adds a line or two; only who finds the workspace of the one before has more than one. */
const trail = (key: string, what = 'began'): Step => ({
  // Each call differs: who repeats itself is stopped by a guard.
  shell: ['sh', '-c', `echo ${what} >> files/${key}.trail`],
});

/** One whose process keeps dying, one whose session is filled. */
function group(world: World, index: number): PlannedTask[] {
  const [dies, fills] = [`dies${index}`, `fills${index}`];
  // It is told to end between two calls, while it pauses.
  const fill = Array.from({ length: FILLS }, (_, each): Step[] => [
    { fill: true },
    trail(fills, `call ${each}`),
    { pause: 700 },
  ]).flat();
  return [
    workTask(world, dies, [trail(dies), ...CRASHES, { model: 'Alive.' }]),
    workTask(world, fills, [trail(fills), ...fill, { model: 'One more.' }], { role: 'reader' }),
  ];
}

function plan(world: World, count: number): PlannedTask[] {
  return Array.from({ length: count }, (_, index) => group(world, index)).flat();
}

/** Of each handoff: the fresh sessions that began before the next one, of which there is to be one. */
function successors({ stored }: Evidence): Kept {
  const open = new Map<string, number>();
  /** Ordered with a session of their own; one that never began is ordered anew. */
  const fresh = new Map<string, string>();
  const broken: string[] = [];
  let tried = 0;
  const close = (attempt: string) => {
    const began = open.get(attempt);
    if (began !== undefined && began !== 1) broken.push(`${attempt} ${began} successors`);
    open.delete(attempt);
  };
  for (const { type, data } of stored.events) {
    const { run = '', attempt = '', session = null } = data as Partial<Record<'run' | 'attempt' | 'session', string>>;
    if (type === 'attempt.handover-ordered') close(attempt);
    if (type === 'attempt.handed-over') {
      tried += 1;
      open.set(attempt, 0);
    }
    if (type === 'run.ordered' && session !== null && open.has(attempt)) fresh.set(run, attempt);
    const whose = type === 'run.started' ? fresh.get(run) : undefined;
    if (whose !== undefined) open.set(whose, (open.get(whose) ?? 0) + 1);
  }
  for (const attempt of Array.from(open.keys())) close(attempt);
  return { name: 'handoffs, one fresh session each', tried, broken };
}

/** Tasks of which a successor took the first step: a kill came before any of the one whose place it took. */
function begunBySuccessors({ world, stored }: Evidence): ReadonlySet<string> {
  const handed = new Set<string>();
  const ofSuccessors = new Set<string>();
  for (const { type, data } of stored.events) {
    const { run = '', attempt = '' } = data as { run?: string; attempt?: string };
    if (type === 'attempt.handed-over') handed.add(attempt);
    if (type === 'run.ordered' && handed.has(attempt)) ofSuccessors.add(run);
  }
  const began = new Map<string, string>();
  for (const { key, point, run } of readLedger(world)) if (point === 'begin' && !began.has(key)) began.set(key, run);
  return new Set([...began].flatMap(([key, run]) => (ofSuccessors.has(run) ? [key] : [])));
}

/** Tasks whose successors did not find what was there: the trail is shorter than there were sessions that left one. */
function workspacesLost({ world, goal }: Evidence, keys: readonly string[]): string[] {
  return keys.flatMap((key) => {
    const lines = (contentIn(world, goal.branch, `files/${key}.trail`) ?? '').split('\n').length - 1;
    // Two of the first session and all of the second's; one and one where there is no other trail.
    const least = key.startsWith('fills') ? 3 + FILLS : 2;
    return lines >= least ? [] : [`${key}: ${lines} of ${least} lines`];
  });
}

function judge(evidence: Evidence): Kept[] {
  const { goal, stored, count } = evidence;
  const of = (type: string) => dataOf(evidence, type);
  const orders = of('attempt.handover-ordered');
  const packets = of('attempt.handed-over');
  const nth = (all: readonly Readonly<Record<string, unknown>>[]) => {
    const seen = new Map<string, number>();
    return all.map((each) => {
      const attempt = text(each, 'attempt');
      seen.set(attempt, (seen.get(attempt) ?? 0) + 1);
      return `${attempt} ${seen.get(attempt)}`;
    });
  };
  const handed = (cause: string) =>
    new Set(orders.filter((each) => each['cause'] === cause).map((each) => each['attempt'])).size;
  const unseen = begunBySuccessors(evidence);
  const left = Array.from({ length: count }, (_, index) => [`dies${index}`, `fills${index}`])
    .flat()
    .filter((key) => !unseen.has(key));
  const filled = left.filter((key) => key.startsWith('fills')).length;
  const short = (wanted: number, found: number) => (found >= wanted ? [] : [`${found} of ${wanted}`]);
  const work = Object.values(goal.attempts).filter(({ task }) => goal.tasks[task]?.kind === 'work');
  return [
    exactly('handoffs, one packet each', nth(packets), nth(orders)),
    once(
      'packets, each of its own',
      packets.map((each) => (each['packet'] as { id: string }).id),
      orders.length,
    ),
    successors(evidence),
    { name: 'tasks handed over since their process died', tried: count, broken: short(count, handed('crash')) },
    { name: 'tasks handed over since their session was full', tried: filled, broken: short(filled, handed('context')) },
    once(
      'workspaces, each made once',
      of('attempt.prepared').map((each) => text(each, 'attempt')),
      Object.keys(goal.attempts).filter((id) => goal.attempts[id]?.workspace !== null).length,
    ),
    {
      name: 'workspaces a successor found as they were left',
      tried: left.length,
      broken: workspacesLost(evidence, left),
    },
    {
      name: 'attempts that were begun again instead',
      tried: work.length,
      broken: work.filter(({ number }) => number > 1).map(({ id }) => id),
    },
    {
      name: 'runs of one attempt that were up at once',
      tried: of('run.started').length,
      broken: together(stored.events),
    },
    {
      name: 'runs without an end',
      tried: Object.keys(goal.runs).length,
      broken: Object.values(goal.runs).flatMap((run) => (run.status === 'ended' ? [] : [run.id])),
    },
  ];
}

/** Agents are replaced within their attempts. */
export const handoffs: Scenario = {
  title: 'agents that die or are full are succeeded',
  world: { workers: 4, recoveries: RECOVERIES },
  plan,
  messages: () => 0,
  judge,
  failpoints: ['handover-begun', 'handover-made', 'host-launched'],
};
