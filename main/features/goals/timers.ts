import type { Engine } from '#main/engine/engine.ts';
import type { GoalCommand } from './command.ts';

/** What the events that set timers hold, each the part that is its own. */
interface Timed {
  readonly run: string;
  readonly attempt: string;
  readonly task: string;
  readonly until: number;
}

/** The command that a timer's event turns into once its moment has come. `at`: when the event happened. */
const COMMANDS: Readonly<Record<string, (data: Timed, at: number) => GoalCommand>> = {
  'run.overdue': ({ run }) => ({ type: 'run-overdue', run }),
  'wait.due': ({ attempt }, at) => ({ type: 'wait-due', attempt, since: at }),
  'node.due': ({ task, until }) => ({ type: 'node-due', task, until }),
  'task.due': ({ task }) => ({ type: 'task-due', task }),
  'task.deadline': ({ task, until }) => ({ type: 'deadline-due', task, until }),
};

/** Binds the timers of goals to the engine: each reports its moment as a command, which decides whether it still matters. */
export function performGoalTimers(engine: Engine): void {
  for (const [kind, command] of Object.entries(COMMANDS)) {
    engine.perform(kind, async (performance) => ({
      stream: performance.stream,
      command: command(performance.event.data as Timed, performance.event.at),
    }));
  }
}
