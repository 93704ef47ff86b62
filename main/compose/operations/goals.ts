import { resolve } from 'node:path';
import type { Accepted } from '#main/engine/engine.ts';
import { nodeOf } from '#main/features/budgets/index.ts';
import type { GoalCommand } from '#main/features/goals/index.ts';
import { resolveAddress } from '#main/features/tools/index.ts';
import { diffText } from '#main/features/workspaces/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { Operations } from '#main/server/operations.ts';
import { newGoal } from '#protocol/contract/goals.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { nanosFromUsd } from '#protocol/model/money.ts';
import type { Parts } from '../parts.ts';
import { forkOperations } from './fork.ts';
import { imagesOf } from './goal-images.ts';
import { insightOperations } from './insight.ts';
import { packetsOf } from './packets.ts';
import { badPattern } from './pattern.ts';
import { stateGoal } from './state-goal.ts';

const CEO = 'ceo';
const ANSWER_PATIENCE_MS = 24 * 60 * 60_000;

function noSuchGoal(goal: string): Fault {
  return faultOf(
    'no-such-goal',
    `There is no goal ${goal}.`,
    'It was never stated here.',
    'Look at the list of goals.',
  );
}

/** The operations on goals. */
export function goalOperations(parts: Parts): Operations['goals'] {
  const { goals, budgets, messages, engine } = parts;
  const command = async (
    goal: string,
    command: GoalCommand,
    id?: string,
  ): Promise<Result<{ sequence: number }, Fault>> => {
    const result: Result<Accepted, Fault> = await goals.execute(goal, command, id === undefined ? {} : { id });
    return result.ok ? ok({ sequence: result.value.sequence }) : err(result.error);
  };
  const known = (id: string): Result<Goal, Fault> => {
    const goal = goals.state(id);
    return goal?.status ? ok(goal) : err(noSuchGoal(id));
  };

  return {
    ...insightOperations(parts),
    ...forkOperations(parts),
    state: (input) => stateGoal(parts, newGoal.parse({ ...input, path: resolve(input.path) })),
    async images(input) {
      const goal = known(input.goal);
      if (!goal.ok) return goal;
      const images = await imagesOf(parts.world.objects, goal.value);
      return ok(
        images.map(({ name, type, bytes }) => ({ name, type, content: Buffer.from(bytes).toString('base64') })),
      );
    },
    list: async () => ok(goals.ids().flatMap((id) => goals.state(id) ?? [])),
    stop: (input) => command(input.goal, { type: 'stop', by: CEO }, input.command),
    pause: (input) => command(input.goal, { type: 'pause', by: CEO }, input.command),
    continue: (input) => command(input.goal, { type: 'continue', by: CEO }, input.command),
    approvePlan: (input) => command(input.goal, { type: 'approve-plan', by: CEO }, input.command),
    async accept(input) {
      const goal = known(input.goal);
      if (!goal.ok) return goal;
      const target = input.target ?? goal.value.target;
      const ended = untilEvent(parts, input.goal, 'accept.ended');
      const ordered = await command(input.goal, { type: 'accept', target, by: CEO }, input.command);
      if (!ordered.ok) {
        ended.cancel();
        return ordered;
      }
      await ended.promise;
      const acceptance = goals.state(input.goal)?.acceptance;
      const detail = acceptance?.detail
        ? ((await engine.payloads([acceptance.detail.id])).get(acceptance.detail.id) ?? '')
        : '';
      return ok({ result: acceptance?.result ?? 'refused', detail, commit: acceptance?.commit ?? null });
    },
    async setCap(input) {
      const cap = nanosFromUsd(input.usd);
      const goalNode = nodeOf.goal(input.goal);
      const above = budgets.node(goalNode)?.cap ?? null;
      // More for a run than its goal has would change nothing; less for a run takes nothing from the goal.
      const goalToo = input.attempt === undefined || (above !== null && above < cap);
      const nodes = [
        ...(goalToo ? [goalNode] : []),
        ...(input.attempt === undefined ? [] : [nodeOf.run(input.attempt)]),
      ];
      for (const node of nodes) {
        if (!budgets.node(node)) continue;
        const set = await budgets.setCap(node, cap, CEO);
        if (!set.ok) return set;
      }
      return command(input.goal, { type: 'covered' }, input.command);
    },
    addTask: ({ goal, command: id, ...task }) =>
      command(
        goal,
        { type: 'add-tasks', tasks: [{ key: 'task', ...task, dependsOn: task.dependsOn ?? [] }], by: CEO },
        id,
      ),
    cancelTask: (input) => command(input.goal, { type: 'cancel-task', task: input.task, by: CEO }, input.command),
    retryTask: (input) => command(input.goal, { type: 'retry-task', task: input.task, by: CEO }, input.command),
    async answer({ goal, item, answer, text = '', command: id }) {
      const refused = await badPattern(
        parts,
        goal,
        item,
        answer === 'allow-always' || answer === 'allow-session' ? text : '',
      );
      return refused ? err(refused) : command(goal, { type: 'answer', item, answer, text, by: CEO }, id);
    },
    interrupt: (input) => command(input.goal, { type: 'interrupt', agent: input.agent, by: CEO }, input.command),
    resume: (input) => command(input.goal, { type: 'resume-agent', agent: input.agent, by: CEO }, input.command),
    async message(input) {
      const goal = known(input.goal);
      if (!goal.ok) return goal;
      const to = resolveAddress(goal.value, input.to, CEO, input.wantsAnswer ? 'one' : 'all');
      if (!to.ok) return to;
      const sent = await messages.send(
        {
          goal: input.goal,
          from: CEO,
          to: to.value,
          kind: input.wantsAnswer ? 'request' : 'inform',
          subject: input.subject,
          body: input.body,
          replyTo: input.replyTo ?? null,
          wantsAnswer: input.wantsAnswer === true,
          patience: input.wantsAnswer ? ANSWER_PATIENCE_MS : null,
          attachments: [],
          address: input.to,
        },
        input.command,
      );
      return sent.ok ? ok({ message: sent.value.message }) : sent;
    },
    async packets(input) {
      const goal = known(input.goal);
      return goal.ok ? packetsOf(parts, goal.value, input.attempt) : goal;
    },
    async diff(input) {
      const goal = known(input.goal);
      if (!goal.ok) return goal;
      const attempt = goal.value.attempts[input.attempt];
      if (!attempt?.base || !attempt.commit) {
        return err(
          faultOf('no-diff', 'There is no diff yet.', 'The attempt has committed nothing.', 'Wait for its check.'),
        );
      }
      const diff = await diffText({
        gitDir: parts.places.hubOf(goal.value.project),
        base: attempt.base,
        head: attempt.commit,
      });
      return diff.ok ? ok({ diff: diff.value.text, truncated: diff.value.truncated }) : diff;
    },
  };
}

/** Resolves when the goal's next event of a type is committed. */
function untilEvent(parts: Parts, goal: string, type: string): { promise: Promise<void>; cancel: () => void } {
  let stop: (() => void) | null = null;
  const promise = new Promise<void>((resolve) => {
    stop = parts.engine.feed.watch(parts.engine.feed.sequence(), (events) => {
      if (!events.some((event) => event.stream === `goal/${goal}` && event.type === type)) return;
      stop?.();
      resolve();
    });
  });
  return { promise, cancel: () => stop?.() };
}
