import {
  attemptOf,
  authorOf,
  commentBody,
  folderOf,
  type Look,
  lookAtWork,
  offerPullRequest,
  openInEditor,
  whyNoAnswer,
} from '#main/features/review/index.ts';
import {
  changesBetween,
  checkPath,
  checkRevert,
  commitRange,
  commitsBetween,
  fileDiff,
  hunkOf,
} from '#main/features/workspaces/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { Operations } from '#main/server/operations.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import type { Parts } from '../parts.ts';
import { knownGoal } from './known-goal.ts';
import { repositoryOf, runAppOf } from './run-app.ts';

const CEO = 'ceo';
const ANSWER_PATIENCE_MS = 24 * 60 * 60_000;
const LONGEST_SUBJECT = 200;
const MOST_FILES = 2_000;

const STALE = faultOf(
  'stale',
  'The work has changed since it was shown.',
  'The hunk may not be what you saw.',
  'Look at the changes again, then decide.',
);

/** Where a file or folder of a goal is on this machine. */
async function folderFor(parts: Parts, goal: Goal, attempt: string | null): Promise<Result<string, Fault>> {
  const found = attempt === null ? null : attemptOf(goal, attempt);
  if (found && !found.ok) return found;
  const folder = found ? await folderOf(parts.places, goal, found.value) : null;
  if (folder !== null) return ok(folder);
  if (goal.status === 'accepted') return ok((await parts.runner.setupOf(goal)).repository);
  const why = found
    ? 'Its workspace is removed once it is over.'
    : 'What is merged is in no folder until you accept it.';
  return err(faultOf('no-folder', 'There is no folder to open.', why, 'Look at the changes here.'));
}

/** The operations of review. */
export function reviewOperations(parts: Parts): Operations['review'] {
  const { goals, messages, apps } = parts;
  const requests = new Map<string, ReturnType<Operations['review']['pullRequest']>>();

  const look = async (input: { goal: string; attempt?: string | null | undefined }) => {
    const goal = knownGoal(parts, input.goal);
    if (!goal.ok) return goal;
    const found = await lookAtWork(parts.places, goal.value, input.attempt ?? null);
    return found.ok ? ok({ goal: goal.value, look: found.value }) : found;
  };
  const rangeOf = (found: Look, commit: string | undefined) =>
    commit === undefined
      ? Promise.resolve(ok(found.range))
      : commitRange({ ...found.range, head: found.commit }, commit);

  /** The one hunk as a patch that can be taken out now. */
  async function patchOf(found: Look, path: string, header: string): Promise<Result<string, Fault>> {
    const file = await fileDiff(found.range, path);
    if (!file.ok) return file;
    return hunkOf(file.value.diff, header, file.value.truncated);
  }

  return {
    async changes(input) {
      const found = await look(input);
      // A goal without a merge has no changes, and that is no failure.
      if (!found.ok && found.error.tag === 'no-changes' && input.attempt == null) {
        const base = goals.state(input.goal)?.base ?? '';
        return ok({ base, head: base, files: [], total: 0, commits: [], workspace: null, uncommitted: false });
      }
      if (!found.ok) return found;
      const { range, commit, workspace, uncommitted, merged } = found.value.look;
      const shown = await rangeOf(found.value.look, input.commit);
      if (!shown.ok) return shown;
      const changed = await changesBetween(shown.value, input.limit ?? MOST_FILES);
      if (!changed.ok) return changed;
      // On the goal's own line each commit is one task's work.
      const commits = await commitsBetween({ ...range, head: commit }, merged && input.attempt == null);
      if (!commits.ok) return commits;
      const { base, head } = shown.value;
      return ok({ base, head, ...changed.value, commits: commits.value, workspace, uncommitted });
    },
    async fileDiff(input) {
      const found = await look(input);
      if (!found.ok) return found;
      const range = await rangeOf(found.value.look, input.commit);
      return range.ok ? fileDiff(range.value, input.path) : range;
    },
    async comment(input) {
      const path = checkPath(input.path);
      if (!path.ok) return path;
      const found = await look(input);
      if (!found.ok) return found;
      const { goal, look: at } = found.value;
      const nobody = whyNoAnswer(goal);
      if (nobody) return err(nobody);
      const author = await authorOf(goal, input.attempt ?? null, at.range, input);
      if (!author.ok) return author;
      const file = await fileDiff(at.range, input.path);
      const sent = await messages.send(
        {
          goal: goal.id,
          from: CEO,
          to: [author.value.id],
          kind: 'request',
          subject: `Comment on ${input.path.slice(-LONGEST_SUBJECT)}:${input.line}`,
          body: commentBody(file.ok ? file.value.diff : '', input, input.text),
          replyTo: null,
          wantsAnswer: true,
          patience: ANSWER_PATIENCE_MS,
          attachments: [],
        },
        input.command,
      );
      return sent.ok ? ok({ message: sent.value.message, to: author.value.name }) : sent;
    },
    async rejectHunk(input) {
      const found = await look(input);
      if (!found.ok) return found;
      const { goal, look: at } = found.value;
      if (at.range.head !== input.head) return (await doneBefore(parts, input.command)) ?? err(STALE);
      const patch = await patchOf(at, input.path, input.header);
      if (!patch.ok) return patch;
      // What is merged lives on the goal's branch, whichever attempt brought it.
      const attempt = at.merged ? null : (input.attempt ?? null);
      const hub = parts.places.hubOf(goal.project);
      const possible = await checkRevert(
        hub,
        attempt === null ? `refs/heads/${goal.branch}` : at.range.head,
        patch.value,
      );
      if (!possible.ok) return possible;
      return rejected(parts, goal.id, { attempt, patch: patch.value }, input.command);
    },
    async openInEditor(input) {
      const goal = knownGoal(parts, input.goal);
      if (!goal.ok) return goal;
      const folder = await folderFor(parts, goal.value, input.attempt ?? null);
      if (!folder.ok) return folder;
      const configured = String(parts.settings.value('editor.command') ?? '');
      return openInEditor({ folder: folder.value, path: input.path, line: input.line }, configured, process.env);
    },
    pullRequest(input) {
      const key = input.command ?? parts.newId('cmd');
      const asked = requests.get(key) ?? pullRequest(parts, input.goal, input.title);
      requests.set(key, asked);
      // Only one under way is shared: a refusal may be tried again.
      void asked.finally(() => setImmediate(() => requests.delete(key)));
      return asked;
    },
    async runApp(input) {
      const goal = knownGoal(parts, input.goal);
      return goal.ok ? runAppOf(parts, goal.value, input.attempt ?? null) : goal;
    },
    apps: async () => ok(apps.list()),
    stopApp: async (input) => ok({ stopped: await apps.stop(input.app) }),
  };
}

/** A repeated command is the accepted command, though the work has moved on by it. */
async function doneBefore(parts: Parts, command: string | undefined) {
  const receipt = command === undefined ? undefined : await parts.journal.receipt(command);
  return receipt && ok({ sequence: receipt.lastSequence });
}

/** Orders a hunk out and waits until it is; late refusals are faults too. */
async function rejected(
  parts: Parts,
  goal: string,
  what: { readonly attempt: string | null; readonly patch: string },
  id: string | undefined,
): Promise<Result<{ sequence: number }, Fault>> {
  const { feed } = parts.engine;
  const seen: Array<{ readonly sequence: number; readonly data: unknown }> = [];
  let wake: () => void = () => undefined;
  const stop = feed.watch(feed.sequence(), (events) => {
    seen.push(...events.filter((event) => event.stream === `goal/${goal}` && event.type === 'hunk.reject-ended'));
    wake();
  });
  parts.scope.signal.addEventListener('abort', () => wake(), { once: true });
  try {
    const options = id === undefined ? {} : { id };
    const ordered = await parts.goals.execute(goal, { type: 'reject-hunk', ...what, by: CEO }, options);
    if (!ordered.ok) return ordered;
    const { sequence, repeated } = ordered.value;
    if (repeated) return ok({ sequence });
    for (;;) {
      const end = seen.find((event) => event.sequence > sequence);
      if (end) return await outcomeOf(parts, end);
      if (parts.scope.signal.aborted) return ok({ sequence });
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    stop?.();
  }
}

async function outcomeOf(
  parts: Parts,
  event: { readonly sequence: number; readonly data: unknown },
): Promise<Result<{ sequence: number }, Fault>> {
  const { result, detail } = event.data as { result: string; detail: { id: string } | null };
  if (result === 'rejected') return ok({ sequence: event.sequence });
  const why = detail ? ((await parts.engine.payloads([detail.id])).get(detail.id) ?? '') : '';
  return err(faultOf('hunk-conflict', 'The hunk was not taken out.', why, 'Look at the changes again.'));
}

async function pullRequest(parts: Parts, id: string, title: string | undefined) {
  const known = knownGoal(parts, id);
  if (!known.ok) return known;
  const goal = known.value;
  if (goal.status !== 'ready' && goal.status !== 'accepted')
    return err(
      faultOf(
        'not-ready',
        'The goal is not ready for a pull request.',
        `It is ${goal.status ?? 'not stated'}.`,
        'Wait until all its tasks are merged and checked.',
      ),
    );
  const repository = await repositoryOf(parts, goal);
  if (!repository.ok) return repository;
  const tasks = Object.values(goal.tasks).filter((task) => task.kind === 'work' && task.status === 'done');
  const refs = [...(goal.text ? [goal.text] : []), ...tasks.map((task) => task.title)];
  const texts = await parts.engine.payloads(refs.map((ref) => ref.id));
  const oneLine = (text: string) => text.replaceAll(/[\s\p{C}]+/gu, ' ').trim();
  const text = texts.get(goal.text?.id ?? '') ?? goal.branch;
  const done = tasks.map((task) => `- ${oneLine(texts.get(task.title.id) ?? '')}`);
  return offerPullRequest({
    repository: repository.value,
    hub: parts.places.hubOf(goal.project),
    branch: goal.branch,
    target: goal.target,
    title: oneLine(title ?? text).slice(0, 250) || goal.branch,
    body: [text.slice(0, 20_000), done.join('\n').slice(0, 20_000)].join('\n\n'),
    env: process.env,
  });
}
