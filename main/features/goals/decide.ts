import { accept, type DecideContext, type Decision, refuse } from '#main/engine/area.ts';
import { faultOf } from '#protocol/model/fault.ts';
import type { GoalEvent } from '#protocol/model/goal/event.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { answerItem } from './answer-item.ts';
import { applyPlan } from './apply-plan.ts';
import { arbitrate, arbitrationOver } from './arbitration.ts';
import { checked, goalChecked, merged } from './checks.ts';
import { addMore, claim, progress, wake } from './claims.ts';
import { collisionsFound } from './collisions.ts';
import type { GoalCommand } from './command.ts';
import { acceptGoal, cancelTask, goOn, hold, interrupt, resumeAgent, retryTask, stop } from './control.ts';
import { dismissAgent, hireAgent, pauseAgent } from './crew.ts';
import { deadlineDue } from './deadline.ts';
import { Draft, Refusal } from './draft.ts';
import { assign, link, revise, unassign, unlink } from './edit.ts';
import { intervene } from './guards.ts';
import { hunkRejected, rejectHunk } from './hunks.ts';
import { leaseDue, releaseLeases, takeLease } from './leases.ts';
import { gateChecked, nodeDue, signal, taskDue } from './nodes.ts';
import { approvePlan, proposePlan, stateGoal } from './plan.ts';
import { keepPlanFile, planEdited, planFileSeen, proposeEdit } from './plan-file.ts';
import { respec } from './respec.ts';
import { review } from './review.ts';
import { prepared, restored, runEnded, runOverdue, runStarted, unprepared } from './runs.ts';
import { schedule } from './schedule.ts';
import { handedOver } from './succession.ts';
import { covered, messageAnswered, runDeferred, waitDue } from './waits.ts';

/** Commands that would change what is just being accepted. */
const CHANGES_WORK: ReadonlySet<GoalCommand['type']> = new Set([
  'add-tasks',
  'propose-plan',
  'approve-plan',
  'assign',
  'unassign',
  'revise',
  'link',
  'unlink',
  'respec',
  'apply-plan',
  'propose-edit',
  'signal',
  'review',
  'hire',
  'dismiss',
  'cancel-task',
  'retry-task',
  'reject-hunk',
  'wake',
  'answer',
  'stop',
]);

/** Changes of a plan or crew that mean nothing once the goal is accepted. */
const EDITS: ReadonlySet<GoalCommand['type']> = new Set([
  'assign',
  'unassign',
  'revise',
  'link',
  'unlink',
  'respec',
  'apply-plan',
  'hire',
  'dismiss',
  'pause-agent',
  'reject-hunk',
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
  if (goal.status === 'accepted' && EDITS.has(command.type)) {
    return refuse(faultOf('goal-over', 'The goal is accepted.', 'Its work is in your branch.', 'State a new goal.'));
  }
  const draft = new Draft(goal, context);
  try {
    apply(draft, command);
    schedule(draft);
    keepPlanFile(draft);
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
      return assign(draft, command);
    case 'unassign':
      return unassign(draft, command.task, command.by);
    case 'revise':
      return revise(draft, command);
    case 'link':
      return link(draft, command.task, command.on);
    case 'unlink':
      return unlink(draft, command.task, command.on);
    case 'respec':
      return respec(draft, command);
    case 'apply-plan':
      return applyPlan(draft, command);
    case 'propose-edit':
      return proposeEdit(draft, command);
    case 'signal':
      return signal(draft, command);
    case 'intervene':
      return intervene(draft, command);
    case 'hire':
      return hireAgent(draft, command.agent, command.by);
    case 'dismiss':
      return dismissAgent(draft, command.agent, command.by);
    case 'pause-agent':
      return pauseAgent(draft, command.agent, command.paused, command.by);
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
    case 'hold':
      return hold(draft, command.by);
    case 'continue':
      return goOn(draft, command.by);
    case 'stop':
      return stop(draft, command.by);
    case 'reject-hunk':
      return rejectHunk(draft, command);
    case 'hunk-rejected':
      return hunkRejected(draft, command);
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
      | 'hand-over'
      | 'restored'
      | 'claim'
      | 'progress'
      | 'checked'
      | 'goal-checked'
      | 'merged'
      | 'batch-merged'
      | 'collisions'
      | 'take-lease'
      | 'release-leases'
      | 'lease-due'
      | 'message-answered'
      | 'arbitrate'
      | 'arbitration-over'
      | 'wake'
      | 'wait-due'
      | 'answer'
      | 'covered'
      | 'review'
      | 'node-due'
      | 'plan-file-seen'
      | 'plan-edited'
      | 'gate-checked'
      | 'task-due'
      | 'deadline-due'
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
    case 'hand-over':
      return handedOver(draft, command);
    case 'restored':
      return restored(draft, command);
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
    case 'batch-merged':
      for (const end of command.ends) merged(draft, end);
      return;
    case 'collisions':
      return collisionsFound(draft, command);
    case 'take-lease':
      return takeLease(draft, command);
    case 'release-leases':
      return releaseLeases(draft, command.run);
    case 'lease-due':
      return leaseDue(draft, command.lease);
    case 'message-answered':
      return messageAnswered(draft, command.message);
    case 'arbitrate':
      return arbitrate(draft, command);
    case 'arbitration-over':
      return arbitrationOver(draft, command.negotiation);
    case 'wake':
      return wake(draft, command);
    case 'wait-due':
      return waitDue(draft, command);
    case 'answer':
      return answerItem(draft, command);
    case 'covered':
      return covered(draft);
    case 'review':
      return review(draft, command);
    case 'plan-file-seen':
      return planFileSeen(draft, command);
    case 'plan-edited':
      return planEdited(draft, command);
    case 'node-due':
      return nodeDue(draft, command);
    case 'gate-checked':
      return gateChecked(draft, command);
    case 'task-due':
      return taskDue(draft, command.task);
    case 'deadline-due':
      return deadlineDue(draft, command);
    case 'nothing':
      return;
  }
}
