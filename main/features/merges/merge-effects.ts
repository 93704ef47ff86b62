import type { Performance, Performer, Report } from '#main/engine/performer.ts';
import type { MergeEnd } from '#main/features/goals/index.ts';
import { changedPaths, type MergeOutcome, mergeBatch, mergeIntoGoal, tipOf } from '#main/features/workspaces/index.ts';
import { failpoint } from '#main/platform/failpoint.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import type { MergeParts } from './attempt-effects.ts';
import { checkCommit } from './check-commit.ts';
import { type Known, knownAs, report, sync, titleOf } from './known.ts';
import { tail } from './output.ts';
import { goalRef } from './places.ts';
import { blamed, bothSides, disagreement, otherSide } from './sides.ts';
import { describeConflict, describeFault } from './sync.ts';
import type { CheckResult } from './verify.ts';

type Conflict = Extract<MergeOutcome<CheckResult>, { kind: 'conflict' }>;

const PASSED: CheckResult = { passed: true, exitCode: null, output: '' };

/** Performs merges: one attempt, or several that are verified together. */
export function createMergeEffects(parts: MergeParts): Record<string, Performer> {
  const hubOf = (goal: Goal) => parts.places.hubOf(goal.project);
  const messageOf = ({ attempt }: Known, title: string) =>
    `${title}\n\nTask ${attempt.task}, attempt ${attempt.number}`;

  function end({ attempt }: Known, result: MergeEnd['result'], commit: string | null, output = ''): MergeEnd {
    return { attempt: attempt.id, result, commit, output: tail(output) };
  }

  /** It fails on the branch: the merged state goes into the workspace, the output and the other side to the author. */
  async function rejected(found: Known, title: string, tip: string, output: string): Promise<MergeEnd> {
    const { goal, attempt } = found;
    const hub = hubOf(goal);
    const other = await blamed(hub, await otherSide(goal, { hub, work: attempt.commit ?? tip, tip }), output);
    await sync(parts, found, title);
    const said = `${tail(output)}${disagreement(goal, other)}`;
    const others = other.attempts.map((each) => each.id);
    return { ...end(found, 'rejected', null, said), others, files: other.files };
  }

  async function conflict(found: Known, title: string, met: Conflict): Promise<MergeEnd> {
    const { tip, files, messages } = met;
    const { goal, attempt } = found;
    const ends = { hub: hubOf(goal), work: attempt.commit ?? tip, tip };
    const other = await otherSide(goal, ends);
    const sides = await bothSides(goal, ends, other, files);
    const synced = await sync(parts, found, title);
    const inFiles = synced.ok && synced.value.kind === 'conflict';
    const what = inFiles
      ? describeConflict(synced.value)
      : `Files in conflict:\n${files.map((file) => `- ${file}`).join('\n')}\n\n${messages.join('\n')}`;
    const others = other.attempts.map((each) => each.id);
    return { ...end(found, 'conflict', null, `${what}\n\n${sides}`), others };
  }

  async function mergeOne(performance: Performance, found: Known, key: string): Promise<MergeEnd> {
    const { goal, attempt, setup } = found;
    if (attempt.commit === null) return end(found, 'nothing', null);
    const title = await titleOf(parts, goal, attempt);
    const outcome = await mergeIntoGoal<CheckResult>({
      hub: hubOf(goal),
      goalBranch: goalRef(goal),
      commit: attempt.commit,
      key,
      message: messageOf(found, title),
      author: setup.author,
      verify: (commit) => verifyMerged(performance, found, commit),
    });
    failpoint('merge-written');
    if (!outcome.ok) return end(found, 'error', null, describeFault(outcome.error));
    const { value } = outcome;
    switch (value.kind) {
      case 'merged':
        return end(found, 'merged', value.commit);
      case 'nothing':
        return end(found, 'nothing', value.tip);
      case 'conflict':
        return conflict(found, title, value);
      case 'rejected':
        return rejected(found, title, value.tip, value.verification.output);
    }
  }

  /** The merged result is checked unless exactly these files were checked already. */
  async function verifyMerged(performance: Performance, { goal, attempt, setup }: Known, commit: string) {
    failpoint('merge-computed');
    const same =
      attempt.commit === null ? null : await changedPaths({ gitDir: hubOf(goal), base: attempt.commit, head: commit });
    const checked = same?.ok && same.value.length === 0 && attempt.check?.result === 'passed';
    return checked ? PASSED : verify(performance, { goal, setup }, commit);
  }

  async function verify(performance: Performance, { goal, setup }: Pick<Known, 'goal' | 'setup'>, commit: string) {
    const command = setup.commands.verify;
    return command === null ? PASSED : checkCommit(parts, { performance, goal, setup, commit }, command);
  }

  async function merge(performance: Performance): Promise<Report> {
    const { attempt } = performance.event.data as { attempt: string };
    const found = await knownAs(parts, performance.subject, attempt, 'merging');
    return found
      ? report(performance, { type: 'merged', ...(await mergeOne(performance, found, performance.id)) })
      : null;
  }

  /** Several at once; the one that conflicts with those before it is merged by itself afterwards, as if it came next. */
  async function mergeMany(performance: Performance): Promise<Report> {
    const { members } = performance.event.data as { members: readonly string[] };
    const known = await Promise.all(members.map((id) => knownAs(parts, performance.subject, id, 'merging')));
    const all = known.flatMap((found) => found ?? []);
    const [first] = all;
    if (!first) return null;
    const { goal, setup } = first;
    const keyOf = (found: Known) => `${performance.id}:${found.attempt.id}`;
    const items = await Promise.all(
      all.flatMap((found) => {
        const { commit, id } = found.attempt;
        const item = async (work: string) => {
          const message = messageOf(found, await titleOf(parts, goal, found.attempt));
          return { id, commit: work, key: keyOf(found), message };
        };
        return commit === null ? [] : [item(commit)];
      }),
    );
    const outcome = await mergeBatch<CheckResult>({
      hub: hubOf(goal),
      goalBranch: goalRef(goal),
      items,
      author: setup.author,
      verify: (commit) => verify(performance, first, commit),
      wanted: (id) => parts.goals.state(goal.id)?.attempts[id]?.status === 'merging',
    });
    const ends: MergeEnd[] = [];
    // Where the batch came to nothing each is merged by itself, and is told for itself what is in its way.
    for (const found of all) {
      const ended = outcome.ok ? outcome.value.get(found.attempt.id) : undefined;
      const title = await titleOf(parts, goal, found.attempt);
      if (ended?.kind === 'merged') ends.push(end(found, 'merged', ended.commit));
      else if (ended?.kind === 'rejected')
        ends.push(await rejected(merging(found, ends), title, await tipNow(found), ended.verification.output));
      else if (parts.goals.state(goal.id)?.attempts[found.attempt.id]?.status === 'merging')
        ends.push(await mergeOne(performance, merging(found, ends), keyOf(found)));
    }
    return report(performance, { type: 'batch-merged', ends });
  }

  return { 'attempt.merge': merge, 'attempts.merge': mergeMany };

  async function tipNow({ goal, attempt }: Known): Promise<string> {
    const tip = await tipOf(hubOf(goal), goalRef(goal));
    return tip.ok ? tip.value : (attempt.commit ?? goal.base);
  }
}

/** The goal as it will be once the batch is reported: who merged what is already known here. */
function merging(found: Known, ends: readonly MergeEnd[]): Known {
  const attempts = { ...found.goal.attempts };
  for (const { attempt, result, commit } of ends) {
    const known = attempts[attempt];
    if (known && result === 'merged') attempts[attempt] = { ...known, mergeCommit: commit };
  }
  return { ...found, goal: { ...found.goal, attempts } };
}
