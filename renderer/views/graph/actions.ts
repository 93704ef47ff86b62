import type { Assignee } from '#protocol/model/goal/parts.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import type { Place } from '#protocol/model/layout/state.ts';
import { t } from '../../i18n/index.ts';
import { tell, tellFault } from '../../store/notices.ts';
import { send } from '../../store/send.ts';
import { goalNow } from '../../store/shown.ts';
import { worldNow } from '../../store/world-store.ts';
import { plainLine } from '../../text/plain.ts';
import { circleOf } from './model.ts';
import type { PastedTask } from './paste.ts';

/** A task's title as it is told. */
export function titleOf(goal: Goal, task: string): string {
  const ref = goal.tasks[task]?.title;
  return plainLine(ref ? (worldNow()?.texts[ref.id] ?? task) : task, 60);
}

/** Gives a task back to the backlog: what runs is stopped and snapshotted. */
export async function unassign(goal: string, task: string): Promise<void> {
  const done = await send((client, command) => client.plan.unassign({ goal, task, command }));
  const shown = goalNow();
  if (done.ok && shown) tell(t('graph:unassigned', { task: titleOf(shown, task) }));
}

/** Gives tasks to somebody; each can be taken back for ten seconds. */
export async function assign(tasks: readonly string[], assignee: Assignee): Promise<void> {
  const goal = goalNow();
  if (!goal) return;
  const given: string[] = [];
  for (const task of tasks) {
    const done = await send((client, command) => client.plan.assign({ goal: goal.id, task, assignee, command }));
    if (done.ok) given.push(task);
  }
  const [first] = given;
  if (first === undefined) return;
  const agent = assignee.kind === 'agent' ? plainLine(goal.agents[assignee.agent]?.name ?? '', 40) : t('graph:anyone');
  const said =
    given.length === 1
      ? t('graph:assigned', { task: titleOf(goal, first), agent })
      : t('graph:assignedSeveral', { count: given.length, agent });
  tell(said, () => {
    for (const task of given) void unassign(goal.id, task);
  });
}

/** Lets a task wait for another. A circle is refused at once, with the way round it. */
export async function link(task: string, on: string): Promise<void> {
  const goal = goalNow();
  if (!goal) return;
  const circle = circleOf(goal, task, on);
  if (circle) {
    const path = circle.map((id) => `“${titleOf(goal, id)}”`).join(` ${t('graph:waits')} `);
    tellFault({
      tag: 'cycle',
      what: t('graph:circle'),
      why: t('graph:circleWhy', { path }),
      next: t('graph:circleNext'),
    });
    return;
  }
  const linked = await send((client, command) => client.plan.link({ goal: goal.id, task, on, command }));
  if (!linked.ok) return;
  const undo = () => void send((client, command) => client.plan.unlink({ goal: goal.id, task, on, command }));
  tell(t('graph:linked', { task: titleOf(goal, task), on: titleOf(goal, on) }), undo);
}

/** Removes a dependency; it can be put back. */
export async function unlink(task: string, on: string): Promise<void> {
  const goal = goalNow();
  if (!goal) return;
  const done = await send((client, command) => client.plan.unlink({ goal: goal.id, task, on, command }));
  if (!done.ok) return;
  const undo = () => void send((client, command) => client.plan.link({ goal: goal.id, task, on, command }));
  tell(t('graph:unlinked', { task: titleOf(goal, task), on: titleOf(goal, on) }), undo);
}

/** Takes a task out of the plan. */
export async function cancelTask(task: string): Promise<void> {
  const goal = goalNow();
  if (!goal) return;
  const done = await send((client, command) => client.goals.cancelTask({ goal: goal.id, task, command }));
  if (done.ok) tell(t('graph:cancelled', { task: titleOf(goal, task) }));
}

/** Adds tasks; into the backlog unless somebody is named. Resolves to their ids, or null when they were refused. */
export async function addTasks(
  tasks: readonly PastedTask[],
  assignee: Assignee = { kind: 'nobody' },
): Promise<readonly string[] | null> {
  const goal = goalNow();
  if (!goal || tasks.length === 0) {
    if (!goal) tellFault({ tag: 'no-goal', what: t('graph:needGoal'), why: '', next: '' });
    return null;
  }
  const written = tasks.map(({ title, brief }, index) => ({
    key: `${index + 1}: ${title.slice(0, 60)}`,
    title,
    brief,
    assignee,
  }));
  const added = await send((client, command) => client.plan.addTasks({ goal: goal.id, tasks: written, command }));
  if (!added.ok) return null;
  const ids = added.value.tasks;
  if (assignee.kind === 'nobody') {
    const undo = () => {
      for (const task of ids) void send((client, command) => client.goals.cancelTask({ goal: goal.id, task, command }));
    };
    tell(t('graph:added', { count: ids.length }), undo);
  }
  return ids;
}

/** Hires an agent of a role. Resolves to its id. */
export async function hire(role: string, name = '', model = ''): Promise<string | null> {
  const goal = goalNow();
  if (!goal) return null;
  const hired = await send((client, command) =>
    client.plan.hire({
      goal: goal.id,
      role,
      ...(name.trim() === '' ? {} : { name: name.trim() }),
      ...(model.trim() === '' ? {} : { model: model.trim() }),
      command,
    }),
  );
  if (!hired.ok) return null;
  const { agent } = hired.value;
  const undo = () => void send((client, command) => client.plan.dismiss({ goal: goal.id, agent, command }));
  tell(t('graph:hired', { name: plainLine(name.trim() || role, 40) }), undo);
  return agent;
}

/** Keeps where nodes stand. Quiet: a place that could not be kept is no reason to interrupt. */
export function keepPlaces(goal: string, places: ReadonlyMap<string, Place>): void {
  if (places.size === 0) return;
  const nodes = [...places].map(([id, place]) => ({ id, ...place }));
  void send((client, command) => client.plan.place({ goal, nodes, command }), true);
}

/** Approves the plan that waits, or sends it back with a note. */
export async function answerPlan(goal: Goal, note: string | null): Promise<void> {
  const item = Object.values(goal.items).find((each) => each.kind === 'plan' && each.closed === null);
  if (!item) return;
  await send((client, command) =>
    client.goals.answer({
      goal: goal.id,
      item: item.id,
      answer: note === null ? 'allow' : 'deny',
      text: note ?? '',
      command,
    }),
  );
}
