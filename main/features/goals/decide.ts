import { accept, type DecideContext, type Decision, refuse } from '#main/engine/area.ts';
import { faultOf } from '#protocol/model/fault.ts';
import type { GoalEvent } from '#protocol/model/goal/event.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { checked, goalChecked, merged } from './checks.ts';
import { addMore, claim, progress, wake } from './claims.ts';
import type { GoalCommand } from './command.ts';
import { acceptGoal, cancelTask, interrupt, resumeAgent, retryTask, stop } from './control.ts';
import { Draft, Refusal } from './draft.ts';
import { approvePlan, assign, link, proposePlan, stateGoal } from './plan.ts';
import { prepared, runEnded, runOverdue, runStarted, unprepared } from './runs.ts';
import { schedule } from './schedule.ts';
import { answerItem, covered, messageAnswered, runDeferred, waitDue } from './waits.ts';

/** Commands that would change what is just being accepted. */
const CHANGES_WORK: ReadonlySet<GoalCommand['type']> = new Set([
  'add-tasks',
  'propose-plan',
  'approve-plan',
  'cancel-task',
  'retry-task',
  'wake',
  'answer',
  'stop',
]);

/** Decides a command on a goal. Pure: the same goal, command and context give the same events. */
export function decideGoal(goal: Goal, command: GoalCommand, context: DecideContext): Decision<GoalEvent> {
  if (command.type === 'nothing') return accept();
  if (goal.status === null && command.type !== 'state') {
    return refuse(
      faultOf(
        'no-such-goal',
        `There is no goal ${goal.id}.`,
        'It was never stated here.',
        'Look at the list of goals.',
      ),
    );
  }
  if (goal.accepting && CHANGES_WORK.has(command.type)) {
    return refuse(
      faultOf(
        'accepting',
        'The goal is being accepted.',
        'Its work is on the way into your branch.',
        'Try again in a moment.',
      ),
    );
  }
  const draft = new Draft(goal, context);
  try {
    apply(draft, command);
    schedule(draft);
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.fault);
    throw error;
  }
  return accept(...draft.events);
}

function apply(draft: Draft, command: GoalCommand): void {
  switch (command.type) {
    case 'state':
      return stateGoal(draft, command);
    case 'add-tasks':
      return addMore(draft, command);
    case 'propose-plan':
      return proposePlan(draft, command);
    case 'approve-plan':
      return approvePlan(draft, command.by);
    case 'assign':
      return assign(draft, command.task, command.assignee);
    case 'revise':
      return draft.emit({
        type: 'task.revised',
        task: draft.task(command.task).id,
        title: draft.text(command.title ?? ''),
        brief: draft.text(command.brief ?? ''),
      });
    case 'link':
      return link(draft, command.task, command.on);
    case 'unlink':
      return draft.emit({ type: 'dependency.removed', task: draft.task(command.task).id, on: command.on });
    case 'cancel-task':
      return cancelTask(draft, command.task);
    case 'retry-task':
      return retryTask(draft, command.task, command.by);
    case 'interrupt':
      return interrupt(draft, command.agent, command.by);
    case 'resume-agent':
      return resumeAgent(draft, command.agent, command.by);
    case 'pause':
      if (draft.goal.paused || draft.goal.status === 'accepted') return;
      return draft.emit({ type: 'goal.paused', by: command.by });
    case 'continue':
      if (draft.goal.status === 'accepted') return;
      return draft.emit({ type: 'goal.continued', by: command.by });
    case 'stop':
      return stop(draft, command.by);
    case 'accept':
      return acceptGoal(draft, command);
    case 'accept-ended':
      if (!draft.goal.accepting) return;
      return draft.emit({
        type: 'accept.ended',
        result: command.result,
        commit: command.commit,
        detail: draft.text(command.detail),
      });
    default:
      return applyReport(draft, command);
  }
}

type Report = Extract<
  GoalCommand,
  {
    type:
      | 'prepared'
      | 'unprepared'
      | 'run-started'
      | 'run-deferred'
      | 'run-ended'
      | 'run-overdue'
      | 'claim'
      | 'progress'
      | 'checked'
      | 'goal-checked'
      | 'merged'
      | 'message-answered'
      | 'wake'
      | 'wait-due'
      | 'answer'
      | 'covered'
      | 'nothing';
  }
>;

function applyReport(draft: Draft, command: Report): void {
  switch (command.type) {
    case 'prepared':
      return prepared(draft, command);
    case 'unprepared':
      return unprepared(draft, command);
    case 'run-started':
      return runStarted(draft, command);
    case 'run-deferred':
      return runDeferred(draft, command);
    case 'run-ended':
      return runEnded(draft, command);
    case 'run-overdue':
      return runOverdue(draft, command.run);
    case 'claim':
      return claim(draft, command);
    case 'progress':
      return progress(draft, command);
    case 'checked':
      return checked(draft, command);
    case 'goal-checked':
      return goalChecked(draft, command);
    case 'merged':
      return merged(draft, command);
    case 'message-answered':
      return messageAnswered(draft, command.message);
    case 'wake':
      return wake(draft, command);
    case 'wait-due':
      return waitDue(draft, command);
    case 'answer':
      return answerItem(draft, command);
    case 'covered':
      return covered(draft);
    case 'nothing':
      return;
  }
}
