import type { MessageService } from '#main/features/messages/index.ts';
import type { GoalSetup, Transcripts } from '#main/features/runs/index.ts';
import { changesBetween, liveState, type Workspace } from '#main/features/workspaces/index.ts';
import { actorName } from '#protocol/model/goal/describe.ts';
import type { HandoffCause } from '#protocol/model/goal/handoff.ts';
import type { Attempt, Goal, Item, Task } from '#protocol/model/goal/state.ts';
import type { Failure, Handoff } from '#protocol/model/goal/trail.ts';
import type { PayloadRef } from '#protocol/model/payload.ts';
import type { Dated, PacketParts } from './packet.ts';

/** What another feature knows that a successor should: decisions of a negotiation, recalled knowledge. */
export interface PacketSource {
  readonly section: 'decisions' | 'knowledge' | 'failures';
  about(goal: Goal, task: Task, attempt: Attempt): Promise<readonly Dated[]>;
}

/** What packets are collected from. */
export interface CollectParts {
  readonly messages: Pick<MessageService, 'all' | 'readable'>;
  readonly transcripts: Pick<Transcripts, 'read'>;
  readonly setupOf: (goal: Goal) => Promise<GoalSetup>;
  readonly texts: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  readonly workspaceOf: (goal: Goal, attempt: Attempt) => Workspace;
  readonly sources: readonly PacketSource[];
}

const CAUSES: Readonly<Record<HandoffCause, string>> = {
  context: 'its session had nearly filled the context of its model',
  crash: 'its process or its session was lost',
  failover: 'the model endpoint did not serve its model',
  reassigned: 'the CEO gave the task to somebody else',
  moved: 'its workspace was restored in another place, its session was not',
};
const FAILURES: Readonly<Record<Failure['kind'], string>> = {
  check: 'The check of the work failed',
  conflict: 'The work conflicted with what others had merged',
  merge: 'Merged with the work of others, the check failed',
  run: 'A run ended with an error',
};
const MOST_FILES = 200;
const RUNS_READ = 3;
const MOST_SAID = 80;
const LONGEST_SAID = 600;

const refs = (list: ReadonlyArray<PayloadRef | null | undefined>) => list.flatMap((ref) => (ref ? [ref.id] : []));

/** What the CEO was asked about this task, or about the whole, and has answered. */
function answered(goal: Goal, task: Task): Item[] {
  return Object.values(goal.items).filter(
    (item) => item.closed !== null && item.closed.answer !== null && (item.task === null || item.task === task.id),
  );
}

/** Everything that is known of the work a successor takes over. What cannot be looked at is left out. */
export async function collectParts(
  parts: CollectParts,
  goal: Goal,
  attempt: Attempt,
  handoff: Handoff,
): Promise<PacketParts> {
  const task = goal.tasks[attempt.task];
  if (!task) throw new Error(`attempt ${attempt.id} has no task`);
  const setup = await parts.setupOf(goal);
  const earlier = task.attempts.flatMap((id) => (id === attempt.id ? [] : (goal.attempts[id] ?? [])));
  const items = answered(goal, task);
  const { trail } = attempt;
  const stops = (goal.interventions[attempt.id] ?? []).filter((each) => each.action === 'interrupted');
  const found = await parts.texts(
    refs([
      goal.text,
      task.title,
      task.brief,
      task.spec?.done,
      ...(task.spec?.checks ?? []),
      attempt.claim?.summary,
      ...items.flatMap((item) => [item.title, item.detail, item.closed?.text]),
      ...trail.failures.map((failure) => failure.output),
      ...stops.map(({ evidence }) => evidence),
      ...trail.notes,
      ...earlier.map((each) => each.detail),
    ]),
  );
  const text = (ref: PayloadRef | null | undefined) => (ref ? (found.get(ref.id) ?? '') : '');
  const agent = goal.agents[attempt.agent];
  const role = setup.crew.roles[agent?.role ?? ''];
  const { verify, acceptance } = setup.commands;
  const proof = role?.verify ?? verify;
  const said = await saidBy(parts, attempt);
  const from = async (section: PacketSource['section']) =>
    (
      await Promise.all(
        parts.sources.filter((each) => each.section === section).map((each) => each.about(goal, task, attempt)),
      )
    ).flat();
  const own = text(task.title) === text(task.brief);
  return {
    role: `${agent?.name ?? attempt.agent}, ${role?.title ?? 'agent'} (role ${agent?.role ?? 'unknown'})`,
    title: text(task.title),
    brief: own ? '' : text(task.brief),
    checks: [
      text(task.spec?.done),
      ...(task.spec?.checks ?? []).map((ref) => text(ref)),
      ...(proof === null ? [] : [`${proof} (this task)`]),
      ...(acceptance === null ? [] : [`${acceptance} (the whole goal)`]),
    ],
    handover: `From ${actorName(goal, handoff.from)}, because ${CAUSES[handoff.cause]}.`,
    goal: text(goal.text),
    decisions: [
      ...items.map((item) => ({ at: item.closed?.at ?? item.openedAt, text: decisionOf(item, text) })),
      ...(await from('decisions')),
    ],
    failures: [
      ...trail.failures.map(({ at, kind, output }) => ({ at, text: `${FAILURES[kind]}.\n${text(output)}` })),
      ...stops.map(({ at, guard, evidence }) => ({ at, text: `The agent was stopped (${guard}): ${text(evidence)}` })),
      ...earlier.flatMap((each) =>
        each.cause === null || each.status !== 'failed'
          ? []
          : [{ at: each.changedAt, text: `Attempt ${each.number} failed: ${each.cause}. ${text(each.detail)}` }],
      ),
      ...(await from('failures')),
    ],
    threads: await threadsOf(parts, goal, handoff),
    files: await filesOf(parts, goal, attempt),
    next: said.next || text(attempt.claim?.summary),
    notes: trail.notes.map((ref, at) => ({ at, text: text(ref) })),
    said: said.before,
    knowledge: await from('knowledge'),
  };
}

function decisionOf(item: Item, text: (ref: PayloadRef | null | undefined) => string): string {
  const asked = [text(item.title), item.kind === 'approval' || item.kind === 'question' ? text(item.detail) : ''];
  const reply = text(item.closed?.text);
  return `${asked.filter((each) => each !== '').join(': ')} The CEO: ${item.closed?.answer ?? ''}${reply === '' ? '' : `, ${reply}`}`;
}

/** Messages that still want an answer, from or to whoever worked. */
async function threadsOf(parts: CollectParts, goal: Goal, { from }: Handoff): Promise<Dated[]> {
  const open = parts.messages
    .all(goal.id)
    .filter(
      (each) =>
        each.wantsAnswer && each.answeredBy === null && !each.dead && (each.from === from || each.to.includes(from)),
    );
  const readable = await parts.messages.readable(open);
  return readable.map((each) => {
    const to = each.to.map((id) => actorName(goal, id)).join(', ');
    const text = `${actorName(goal, each.from)} to ${to}, ${each.subjectText} [${each.id}]: ${each.bodyText}`;
    return { at: each.sentAt, text };
  });
}

/** What differs from where the workspace began, as it is now, committed or not. */
async function filesOf(parts: CollectParts, goal: Goal, attempt: Attempt): Promise<string[]> {
  if (attempt.base === null) return [];
  const workspace = parts.workspaceOf(goal, attempt);
  const live = await liveState(workspace).catch(() => null);
  if (!live?.ok) return [];
  const changed = await changesBetween(
    { gitDir: workspace.hub, base: attempt.base, head: live.value.head },
    MOST_FILES,
  );
  if (!changed.ok) return [];
  const rest = changed.value.total - changed.value.files.length;
  const lines = changed.value.files.map(
    ({ path, status, additions, deletions }) => `${status} ${path} (+${additions ?? '?'} -${deletions ?? '?'})`,
  );
  return rest > 0 ? [...lines, `and ${rest} more`] : lines;
}

/** The last words of the newest runs, newest last, and what came before them. */
async function saidBy(parts: CollectParts, attempt: Attempt): Promise<{ next: string; before: Dated[] }> {
  const lines = (await Promise.all(attempt.runs.slice(-RUNS_READ).map((run) => parts.transcripts.read(run)))).flat();
  const said = lines.flatMap(({ at, event }): Dated[] => {
    if (event.type === 'text') return [{ at, text: event.text.slice(0, LONGEST_SAID) }];
    return event.type === 'tool-call' ? [{ at, text: `did: ${event.title}` }] : [];
  });
  const last = lines.findLast(({ event }) => event.type === 'text');
  const next = last?.event.type === 'text' ? last.event.text : '';
  const before = said.filter((each) => each.at !== last?.at || !next.startsWith(each.text));
  return { next, before: before.slice(-MOST_SAID) };
}
