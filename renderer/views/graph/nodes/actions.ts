import type { WrittenSpec } from '#protocol/contract/node.ts';
import type { Assignee } from '#protocol/model/goal/parts.ts';
import { t } from '../../../i18n/index.ts';
import { tell, tellFault } from '../../../store/notices.ts';
import { send } from '../../../store/send.ts';
import { goalNow } from '../../../store/shown.ts';
import { plainLine } from '../../../text/plain.ts';
import type { PastedTask } from '../paste.ts';

/** A node as a dialog asks for it; `key` names it within the command. */
interface NewNode extends PastedTask {
  readonly key: string;
  readonly kind: 'work' | 'gate' | 'group';
  readonly dependsOn: readonly string[];
  readonly assignee: Assignee;
  readonly spec?: WrittenSpec;
}

/** Adds nodes in one step, so that all come or none. Resolves to their ids, or null when they were refused. */
async function addNodes(nodes: readonly NewNode[], said: string): Promise<readonly string[] | null> {
  const goal = goalNow();
  if (!goal) {
    tellFault({ tag: 'no-goal', what: t('graph:needGoal'), why: '', next: '' });
    return null;
  }
  const tasks = nodes.map((node) => ({ ...node, dependsOn: [...node.dependsOn] }));
  const added = await send((client, command) => client.plan.addTasks({ goal: goal.id, tasks, command }));
  if (!added.ok) return null;
  const ids = added.value.tasks;
  const undo = () => {
    for (const task of ids) void send((client, command) => client.goals.cancelTask({ goal: goal.id, task, command }));
  };
  tell(said, undo);
  return ids;
}

/** Adds a gate after a node, and lets another wait for it. Resolves to its id. */
export async function addGate(
  title: string,
  gate: NonNullable<WrittenSpec['gate']>,
  after: string | null,
  before: string | null,
): Promise<string | null> {
  const goal = goalNow();
  const node: NewNode = {
    key: 'gate',
    title,
    brief: '',
    kind: 'gate',
    dependsOn: after === null ? [] : [after],
    assignee: { kind: 'anyone' },
    spec: { gate },
  };
  const [id] = (await addNodes([node], t('plan:gateAdded', { title: plainLine(title, 60) }))) ?? [];
  if (id === undefined || !goal) return null;
  if (before !== null)
    await send((client, command) => client.plan.link({ goal: goal.id, task: before, on: id, command }));
  return id;
}

/** Adds a sub-plan with its tasks. Resolves to its id. */
export async function addGroup(
  title: string,
  tasks: readonly PastedTask[],
  after: string | null,
  assignee: Assignee,
): Promise<string | null> {
  const group: NewNode = {
    key: 'group',
    title,
    brief: '',
    kind: 'group',
    dependsOn: after === null ? [] : [after],
    assignee: { kind: 'anyone' },
  };
  const parts = tasks.map(
    (task, index): NewNode => ({
      ...task,
      key: `part-${index + 1}`,
      kind: 'work',
      dependsOn: [],
      assignee,
      spec: { parent: 'group' },
    }),
  );
  const [id] = (await addNodes([group, ...parts], t('plan:groupAdded', { title: plainLine(title, 60) }))) ?? [];
  return id ?? null;
}

/** Tells the gates that wait for a name what happened. Whether it was taken. */
export async function signal(goal: string, name: string, passed: boolean, note: string): Promise<boolean> {
  const sent = await send((client, command) => client.plan.signal({ goal, name, passed, note, command }));
  if (sent.ok) tell(t('plan:signalled', { name }));
  return sent.ok;
}
