import { agentsFor } from '#protocol/model/goal/ready.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { OCCUPYING } from '#protocol/model/goal/status.ts';
import type { GoalCommand, ProposedTask } from './command.ts';
import { refuseFanOut } from './delegation.ts';
import { type Draft, refuseWith } from './draft.ts';
import { addTasks } from './plan.ts';
import { blockedBy } from './waiting-circle.ts';

/** An agent says its task is done, or that it cannot go on. Believed only after the check. */
export function claim(draft: Draft, command: Extract<GoalCommand, { type: 'claim' }>): void {
  const { attempt } = draft.liveRun(command.run);
  if (command.claim === 'done') {
    const open = attempt.awaits.filter((id) => !['done', 'failed', 'cancelled'].includes(draft.task(id).status));
    if (open.length > 0) {
      refuseWith(
        'waits-for-tasks',
        'Tasks you delegated are not done.',
        `${open.length} still open.`,
        'End your turn; you are woken when they are done.',
      );
    }
  }
  draft.emit({
    type: 'attempt.claimed',
    attempt: attempt.id,
    claim: command.claim,
    summary: draft.context.keep(command.summary),
    ...(command.result === undefined ? {} : { result: command.result }),
    ...(command.items === undefined ? {} : { items: command.items.map((item) => draft.context.keep(item)) }),
  });
}

/** What an agent says of where it is. */
export function progress(draft: Draft, command: Extract<GoalCommand, { type: 'progress' }>): void {
  const { attempt } = draft.liveRun(command.run);
  draft.emit({ type: 'attempt.progressed', attempt: attempt.id, note: draft.context.keep(command.note) });
}

/** Tasks added by the CEO or delegated by an agent; the delegating attempt may wait for them. */
export function addMore(draft: Draft, command: Extract<GoalCommand, { type: 'add-tasks' }>): void {
  if (draft.goal.status === 'accepted')
    refuseWith('goal-over', 'The goal is accepted.', 'Its work is in your branch.', 'State a new goal.');
  const attempt = command.awaitedBy === undefined ? null : draft.liveRun(command.awaitedBy).attempt;
  refuseFanOut(draft.goal, attempt?.agent ?? command.by, command.tasks.length);
  if (attempt) refuseHopeless(draft.goal, attempt.agent, command.tasks);
  // What the CEO writes into a plan that waits for approval is part of that plan.
  const ghosts = command.by === 'ceo' && draft.goal.status === 'awaiting-approval';
  for (const id of addTasks(draft, command.tasks, command.by, ghosts)) {
    if (attempt) draft.emit({ type: 'attempt.awaits', attempt: attempt.id, task: id });
  }
}

/** Waiting for somebody who waits for oneself would never end. */
function refuseHopeless(goal: Goal, agent: string, tasks: readonly ProposedTask[]): void {
  const blocked = blockedBy(goal, agent);
  const hopeless = tasks.filter((task) => agentsFor(goal, task.assignee).every((each) => blocked.has(each)));
  if (hopeless.length === 0) return;
  refuseWith(
    'waits-for-you',
    'Nobody could do this while you wait.',
    'Whoever could is you, or waits for you.',
    'Do it yourself, or delegate without waiting.',
  );
}

/** Nobody starts for nothing: a wake-up names the message it is for. */
function refuseWake(draft: Draft): void {
  const evidence = draft.context.keep('An agent was to be woken for no message.');
  draft.emit({ type: 'guard.intervened', guard: 'wake', action: 'refused', attempt: null, run: null, evidence });
}

/** An idle agent is woken to answer a message: a task of its own, so that the reason and the cost are seen. */
export function wake(draft: Draft, command: Extract<GoalCommand, { type: 'wake' }>): void {
  if (!draft.goal.agents[command.agent])
    refuseWith('no-such-agent', 'There is no such agent.', 'It is not in the crew.', 'Use list_agents.');
  const same = Object.values(draft.goal.tasks).some((task) => task.about === command.message);
  const busy = Object.values(draft.goal.attempts).some(
    (each) => each.agent === command.agent && OCCUPYING.has(each.status),
  );
  const gone = draft.goal.dismissed.includes(command.agent);
  if (command.message === '') return refuseWake(draft);
  if (same || busy || gone || draft.goal.status === 'stopped' || draft.goal.status === 'accepted') return;
  draft.emit({
    type: 'task.added',
    task: draft.id('task'),
    kind: 'reply',
    title: draft.context.keep(command.subject),
    brief: draft.context.keep('Read your messages and answer them.'),
    assignee: { kind: 'agent', agent: command.agent },
    dependsOn: [],
    proposed: false,
    by: command.from,
    about: command.message,
  });
}
