import type { Task } from '#protocol/model/goal/state.ts';
import type { Step } from '../../agent-host/drivers/scripted/steps.ts';
import { dataOf, type Evidence, type Kept, once, type Scenario, text, tooEarly } from './scenario.ts';
import { contentOf, DONE, note, type PlannedTask, type World, workTask } from './world.ts';

/** Long enough that a kill falls into it. */
const TIMER_MINUTES = 0.04;
const ITEMS = ['one', 'other'];
/** Gates of a group that are decided; one more is skipped. */
const GATES = 4;

const gate = (key: string, dependsOn: readonly string[], on: object, more: object = {}): PlannedTask => ({
  key,
  dependsOn,
  steps: [],
  node: { kind: 'gate', gate: on, ...more },
});

/** What several do at once has no begin: each notes only that it is over. */
const shared = (world: World, key: string): Step[] => [
  { edit: { path: `files/${key}.txt`, content: contentOf(key) } },
  // Something of its own: whoever begins after the others are merged would change nothing else.
  { shell: ['sh', '-c', `date > $(mktemp files/${key}.XXXXXXXX)`] },
  { pause: 300 },
  note(world, key, 'end'),
  DONE,
];

/** A task that names items, gates of every kind, a race, a fan-out, a way not taken, and a reviewed task after all. */
function group(world: World, index: number): PlannedTask[] {
  const [base, last] = [`base${index}`, `last${index}`];
  const named = { summary: 'Done.', result: 'good', items: ITEMS };
  const begun = workTask(world, base, []);
  const steps = [...begun.steps.slice(0, -1), { mcp: { tool: 'complete_task', input: named } }];
  const fan = { key: `fan${index}`, node: { kind: 'group', for_each: { from: base, role: 'worker' } } };
  const all = ['checked', 'timed', 'signalled', 'allowed', 'race', 'fan', 'never'].map((key) => `${key}${index}`);
  return [
    { ...begun, steps },
    gate(`checked${index}`, [base], { on: 'check', command: `test -f files/${base}.txt` }),
    gate(`timed${index}`, [base], { on: 'timer', minutes: TIMER_MINUTES }),
    gate(`signalled${index}`, [base], { on: 'event', name: `go-${index}` }),
    gate(`allowed${index}`, [base], { on: 'approval' }),
    gate(`never${index}`, [base], { on: 'approval' }, { only_if: { node: base, is: 'bad' } }),
    { key: `race${index}`, dependsOn: [`checked${index}`], steps: shared(world, `race${index}`), node: { race: 2 } },
    { ...fan, dependsOn: [`timed${index}`], steps: shared(world, fan.key) },
    workTask(world, last, [{ model: 'Last.' }], { dependsOn: all, node: { reviewed_by: 'partner' } }),
  ];
}

function plan(world: World, count: number): PlannedTask[] {
  return Array.from({ length: count }, (_, index) => group(world, index)).flat();
}

/** Timers that were up before their time, and how many ran out in a later life than they began in. */
function timers({ stored, goal }: Evidence): { early: string[]; over: number } {
  const began = new Map<string, { epoch: number; until: number }>();
  const early: string[] = [];
  let over = 0;
  for (const { type, data, epoch, at } of stored.events) {
    const { task = '', until = null } = data as { task?: string; until?: number | null };
    if (goal.tasks[task]?.spec?.gate?.kind !== 'timer') continue;
    if (type === 'node.opened' && until !== null) began.set(task, { epoch, until });
    if (type !== 'gate.decided') continue;
    if (at < (began.get(task)?.until ?? Number.POSITIVE_INFINITY)) early.push(task);
    if (epoch !== began.get(task)?.epoch) over += 1;
  }
  return { early, over };
}

function judge(evidence: Evidence): Kept[] {
  const { goal, count, stored } = evidence;
  const tasksOf = (type: string) => dataOf(evidence, type).map((each) => text(each, 'task'));
  const all = Object.values(goal.tasks);
  const isGate = (task: Task) => task.kind === 'gate';
  const gates = all.filter((task) => isGate(task) && task.status === 'done');
  const skipped = tasksOf('task.skipped');
  const races = all.filter((task) => task.spec?.race !== undefined);
  const kept = races.map((task) => task.attempts.filter((id) => goal.attempts[id]?.status === 'merged').length);
  const fans = all.filter((task) => task.spec?.each !== undefined);
  const children = all.filter((task) => fans.some(({ id }) => task.spec?.parent === id));
  const verdicts = dataOf(evidence, 'review.given').map((each) => text(each, 'task'));
  const { early, over } = timers(evidence);
  return [
    once(
      'gates, each opened once',
      tasksOf('node.opened').filter((id) => isGate(goal.tasks[id] ?? ({} as Task))),
      GATES * count,
    ),
    once('gates, each decided once', tasksOf('gate.decided'), GATES * count),
    once(
      'gates that passed',
      gates.map(({ id }) => id),
      GATES * count,
    ),
    once('gates nobody needed, each skipped once', skipped, count),
    { name: 'timers before their time', tried: count, broken: early, note: `${over} ran out in a later life` },
    { name: 'tasks that began before what is before them', tried: all.length, broken: tooEarly(stored.events, goal) },
    {
      name: 'races of which one was kept',
      tried: races.length,
      broken: kept.flatMap((each, index) => (each === 1 ? [] : [`${races[index]?.id} kept ${each}`])),
    },
    once(
      'fan-outs, each item a task once',
      children.map(({ id, spec }) => `${spec?.parent} ${id}`),
      ITEMS.length * count,
    ),
    once('reviews, one verdict each', verdicts, count),
    {
      name: 'tasks that ended once',
      tried: all.length,
      broken: once('', tasksOf('task.ended'), new Set(tasksOf('task.ended')).size).broken,
    },
  ];
}

/** Gates of every kind, a race, a fan-out, a branch and a review. */
export const gates: Scenario = {
  title: 'gates, timers, races, fan-outs and reviews hold work back',
  world: { workers: 4, recoveries: 50 },
  plan,
  added: (count) => (ITEMS.length - 1) * count,
  messages: () => null,
  judge,
  answers: true,
  failpoints: ['after-perform', 'before-report', 'after-commit'],
};
