import type { DecideContext } from '#main/engine/area.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { GoalEvent } from '#protocol/model/goal/event.ts';
import { evolveGoal } from '#protocol/model/goal/evolve.ts';
import type { Attempt, Goal, Run, Task } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER } from '#protocol/model/goal/status.ts';
import type { PayloadRef } from '#protocol/model/payload.ts';

/** Thrown inside a decision to refuse the command; `decideGoal` turns it into a refusal, so it never leaves the feature. */
export class Refusal extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.what);
    this.fault = fault;
  }
}

/** Refuses the command being decided. */
export function refuseWith(tag: string, what: string, why: string, next: string): never {
  throw new Refusal(faultOf(tag, what, why, next));
}

/** A decision in the making: every event is applied at once, so that later rules see what earlier ones did. */
export class Draft {
  readonly events: GoalEvent[] = [];
  readonly context: DecideContext;
  goal: Goal;

  constructor(goal: Goal, context: DecideContext) {
    this.goal = goal;
    this.context = context;
  }

  emit(event: GoalEvent): void {
    this.events.push(event);
    this.goal = evolveGoal(this.goal, event, this.context.now);
  }

  id(prefix: string): string {
    return this.context.newId(prefix);
  }

  /** Keeps a text; empty texts are not kept. */
  text(text: string): PayloadRef | null {
    return text === '' ? null : this.context.keep(text);
  }

  task(id: string): Task {
    const task = this.goal.tasks[id];
    return (
      task ??
      refuseWith(
        'no-such-task',
        `There is no task ${id}.`,
        'It is not part of this goal.',
        'Look at the goal for the ids of its tasks.',
      )
    );
  }

  attempt(id: string): Attempt {
    const attempt = this.goal.attempts[id];
    return (
      attempt ??
      refuseWith(
        'no-such-attempt',
        `There is no attempt ${id}.`,
        'It is not part of this goal.',
        'Look at the task for its attempts.',
      )
    );
  }

  /** The run, if it is the newest of its attempt and not over: anything older is fenced off. */
  liveRun(id: string): { run: Run; attempt: Attempt } {
    const run = this.goal.runs[id];
    const attempt = run && this.goal.attempts[run.attempt];
    if (!run || !attempt)
      return refuseWith('no-such-run', `There is no run ${id}.`, 'It is not part of this goal.', 'Start a new run.');
    if (
      run.status === 'ended' ||
      attempt.runs.at(-1) !== id ||
      ATTEMPT_OVER.has(attempt.status) ||
      attempt.wait?.cause === 'handoff'
    ) {
      return refuseWith(
        'fenced',
        `Run ${id} is over.`,
        'A newer run has taken its place, or it was ended.',
        'Stop; what it does is no longer taken.',
      );
    }
    return { run, attempt };
  }
}
