import { describeTask, textsIn } from '#protocol/model/goal/describe.ts';
import type { Goal, Task } from '#protocol/model/goal/state.ts';
import { useWorld } from '../store/world-store.ts';
import { StateMark } from './StateMark.tsx';

function ownerOf(goal: Goal, task: Task): string {
  const attempt = goal.attempts[task.attempts.at(-1) ?? ''];
  if (attempt) return goal.agents[attempt.agent]?.name ?? '';
  if (task.assignee.kind === 'agent') return goal.agents[task.assignee.agent]?.name ?? '';
  return task.assignee.kind === 'role' ? task.assignee.role : 'anyone';
}

function TaskRow({ goal, task }: { readonly goal: Goal; readonly task: Task }) {
  const title = useWorld((world) => textsIn(world.texts)(task.title)) ?? '';
  const why = useWorld((world) => describeTask(goal, task, textsIn(world.texts)).why) ?? '';
  const { standing } = describeTask(goal, task, () => '');
  return (
    <tr>
      <td>
        <StateMark standing={standing} />
      </td>
      <td>
        <bdi>{title}</bdi>
      </td>
      <td>{ownerOf(goal, task)}</td>
      <td>{task.status}</td>
      <td>
        <bdi>{why}</bdi>
      </td>
    </tr>
  );
}

/** The tasks of a goal: state, owner, and why each waits. */
export function Tasks({ goal }: { readonly goal: Goal }) {
  const tasks = Object.values(goal.tasks).sort((one, other) => one.addedAt - other.addedAt);
  const done = tasks.filter((task) => task.status === 'done').length;
  return (
    <>
      <h3>
        Tasks <small>{`${done} of ${tasks.length} done`}</small>
      </h3>
      {tasks.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">
                <span className="hidden">State</span>
              </th>
              <th scope="col">Task</th>
              <th scope="col">Owner</th>
              <th scope="col">Status</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {tasks.map((task) => (
              <TaskRow key={task.id} goal={goal} task={task} />
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
