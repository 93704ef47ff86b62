import { join } from 'node:path';
import { gitText } from '#main/features/workspaces/index.ts';
import type { Operations } from '#main/server/operations.ts';
import type { Snapshot } from '#protocol/contract/feed.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { formatUsd } from '#protocol/model/money.ts';

/** What a rehearsal ended with, for people and for scripts. */
export interface RehearsalReport {
  readonly goal: string;
  readonly status: string;
  readonly accepted: boolean;
  readonly app: string;
  readonly branch: string;
  readonly tasks: ReadonlyArray<{ readonly title: string; readonly status: string; readonly role: string }>;
  readonly conversation: ReadonlyArray<{
    readonly from: string;
    readonly to: string;
    readonly kind: string;
    readonly subject: string;
  }>;
  readonly graph: string;
  readonly spend: { readonly usd: string; readonly calls: number };
  readonly conflicts: number;
  readonly failedChecks: number;
  readonly open: ReadonlyArray<{ readonly kind: string; readonly title: string; readonly owner: string }>;
}

function nameIn(goal: Goal, id: string): string {
  return goal.agents[id]?.name ?? (id === 'ceo' ? 'CEO' : id);
}

/** Everything the CEO would want to know at the end, read from the state and from git. */
export async function reportOn(
  operations: Operations,
  goalId: string,
  app: string,
): Promise<RehearsalReport | undefined> {
  const result = await operations.feed.snapshot(undefined as never, undefined);
  if (!result.ok) return undefined;
  const snapshot: Snapshot = result.value;
  const goal = snapshot.goals.find((each) => each.id === goalId);
  if (!goal) return undefined;
  const text = (ref: { id: string } | null) => (ref ? (snapshot.texts[ref.id] ?? '') : '');
  const messages = snapshot.conversations
    .flatMap((conversation) => Object.values(conversation.messages))
    .filter((message) => message.goal === goalId)
    .sort((a, b) => a.sentAt - b.sentAt);
  const graph = await gitText(['log', '--graph', '--oneline', '--no-decorate', goal.branch, '--'], {
    gitDir: join(app, '.git'),
  });
  const node = snapshot.budgets.nodes[`goal/${goalId}`];
  const runs = Object.values(goal.runs);
  return {
    goal: goalId,
    status: goal.status ?? 'unknown',
    accepted: goal.status === 'accepted',
    app,
    branch: goal.branch,
    tasks: Object.values(goal.tasks).map((task) => ({
      title: text(task.title),
      status: task.status,
      role: goal.agents[goal.attempts[task.attempts.at(-1) ?? '']?.agent ?? '']?.role ?? '',
    })),
    conversation: messages.map((message) => ({
      from: nameIn(goal, message.from),
      to: message.to.map((id) => nameIn(goal, id)).join(', '),
      kind: message.kind,
      subject: text(message.subject),
    })),
    graph: graph.ok ? graph.value : '',
    spend: { usd: formatUsd(node?.spent ?? 0), calls: node?.calls ?? 0 },
    conflicts: runs.filter((run) => run.reason === 'conflict').length,
    failedChecks: runs.filter((run) => run.reason === 'check-failed' || run.reason === 'merge-rejected').length,
    open: Object.values(goal.items)
      .filter((item) => !item.closed)
      .map((item) => ({ kind: item.kind, title: text(item.title), owner: 'ceo' })),
  };
}
