import { err, ok, type Result } from '#main/platform/result.ts';
import type { Operations } from '#main/server/operations.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { openItems, textsIn } from '#protocol/model/goal/describe.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { NANOS_PER_USD } from '#protocol/model/money.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { type CliIo, printJson } from '../io.ts';
import { oneLine } from '../text.ts';
import { EXIT_OF, type Verdict } from '../verdict.ts';
import { spendOf } from '../view/render.ts';
import type { Watched } from '../watch-goal.ts';

/** What a run ended with. */
export interface RunEnd {
  readonly verdict: Verdict | 'interrupted';
  readonly exitCode: ExitCode;
  readonly commit: string | null;
}

/** Accepts a goal; being refused is a failure with the reason. */
export async function acceptGoal(
  operations: Operations,
  goal: string,
  target?: string,
): Promise<Result<string | null, Fault>> {
  const accepted = await operations.goals.accept({ goal, ...(target === undefined ? {} : { target }) }, undefined);
  if (!accepted.ok) return accepted;
  const { result, detail, commit } = accepted.value;
  if (result === 'accepted') return ok(commit);
  return err(
    faultOf(
      'accept-refused',
      'The goal was not brought into your branch.',
      detail || 'The branch has moved or has changes.',
      'Make the branch clean and up to date, then `aios accept`.',
    ),
  );
}

/** The end of watching: accepts when that was asked for and there is something to accept. */
export async function endOf(
  operations: Operations,
  watched: Watched,
  goal: string,
  accept: boolean,
  interrupted: boolean,
): Promise<Result<RunEnd, Fault>> {
  if (interrupted) return ok({ verdict: 'interrupted', exitCode: EXIT.stopped, commit: null });
  const { verdict } = watched;
  if (verdict === 'moving') return ok({ verdict, exitCode: EXIT.stopped, commit: null });
  const tip = watched.world.goals[goal]?.tip ?? null;
  if (verdict !== 'ready' || !accept) return ok({ verdict, exitCode: EXIT_OF[verdict], commit: tip });
  const commit = await acceptGoal(operations, goal);
  return commit.ok ? ok({ verdict: 'accepted', exitCode: EXIT.done, commit: commit.value }) : commit;
}

function nextSteps(end: RunEnd, goal: Goal): string {
  const sentences: Readonly<Record<RunEnd['verdict'], string>> = {
    ready: `Ready on ${goal.branch}. Bring it into ${goal.target || 'your branch'}: aios accept ${goal.id}`,
    accepted: `Accepted into ${goal.target || 'your branch'}${end.commit ? ` as ${end.commit.slice(0, 10)}` : ''}.`,
    stuck: `Stuck. See why and answer: aios inbox`,
    asks: `Nothing moves until you answer: aios inbox`,
    stopped: 'Stopped.',
    moving: 'Not finished.',
    interrupted: 'Paused; nothing is lost. Go on: aios run --resume (or look: aios status)',
  };
  return sentences[end.verdict];
}

/** Says how it ended and what to do now, and prints the result line when JSON was asked for. */
export function sayEnd(io: CliIo, watched: Watched, goalId: string, end: RunEnd, json: boolean): void {
  const goal = watched.world.goals[goalId];
  if (!goal) return;
  const textOf = textsIn(watched.world.texts);
  const items = openItems(goal);
  if (!json || io.isTty) {
    for (const item of items) io.err(`needs you: ${item.id} ${item.kind}: ${oneLine(textOf(item.title), 200)}\n`);
    io.err(`${oneLine(nextSteps(end, goal))}\nSpent ${spendOf(watched.world, goal)}.\n`);
  }
  if (!json) return;
  const spent = watched.world.budgets.nodes[`goal/${goalId}`]?.spent ?? 0;
  printJson(io, {
    type: 'result',
    exitCode: end.exitCode,
    verdict: end.verdict,
    goal: goalId,
    status: goal.status,
    ledger: goal.ledger,
    branch: goal.branch,
    target: goal.target,
    commit: end.commit,
    spentNanos: spent,
    spentUsd: spent / NANOS_PER_USD,
    tasks: Object.values(goal.tasks).map((task) => ({ id: task.id, title: textOf(task.title), status: task.status })),
    items: items.map((item) => ({ id: item.id, kind: item.kind, title: textOf(item.title) })),
  });
}
