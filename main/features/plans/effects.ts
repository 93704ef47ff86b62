import type { Engine, StreamHandle } from '#main/engine/engine.ts';
import type { Performance, Report } from '#main/engine/performer.ts';
import type { GoalCommand } from '#main/features/goals/index.ts';
import { goalRef, type Places } from '#main/features/merges/index.ts';
import type { GoalSetup } from '#main/features/runs/index.ts';
import { readBranchFile, writeBranchFile } from '#main/features/workspaces/index.ts';
import type { KeyedMutex } from '#main/platform/keyed-mutex.ts';
import { err, type Result } from '#main/platform/result.ts';
import type { Fault } from '#protocol/model/fault.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { differenceOf, type PlanDifference } from './difference.ts';
import { planPath, readPlan, writePlan } from './file.ts';
import { intentOf, type WrittenNode } from './intent.ts';
import { textIdsOf } from './texts.ts';
import { whoIsIn } from './who.ts';

/** What the plan's file needs. */
export interface PlanFileParts {
  readonly goals: StreamHandle<Goal, GoalCommand>;
  readonly places: Places;
  readonly turns: KeyedMutex;
  readonly setupOf: (goal: Goal) => Promise<GoalSetup>;
}

/** The plan's file as the rest of the orchestrator uses it. */
export interface PlanFiles {
  /** The plan as its file says it. */
  textOf(goal: Goal): Promise<string>;
  /** What a file would change. Fails with `bad-plan-file`, which names lines. */
  compare(goal: Goal, text: string): Promise<Result<PlanDifference, Fault>>;
}

const said = (fault: Fault) => `${fault.what} ${fault.why} ${fault.next}`;

/** Writes plans to their goals' branches, and takes what others write there as proposals. */
export function performPlanFiles(engine: Engine, parts: PlanFileParts): PlanFiles {
  async function nodesOf(goal: Goal): Promise<WrittenNode[]> {
    const texts = await engine.payloads(textIdsOf(goal));
    return intentOf(goal, (ref) => texts.get(ref.id) ?? '');
  }

  const textOf = async (goal: Goal) => writePlan(goal.id, await nodesOf(goal));

  async function compare(goal: Goal, text: string): Promise<Result<PlanDifference, Fault>> {
    const nodes = readPlan(text);
    if (!nodes.ok) return nodes;
    const before = await nodesOf(goal);
    return differenceOf(goal, before, nodes.value, whoIsIn(goal));
  }

  async function write(performance: Performance): Promise<Report> {
    const goal = parts.goals.state(performance.subject);
    if (!goal || goal.planFile?.edit) return null;
    const [hub, ref, path] = [parts.places.hubOf(goal.project), goalRef(goal), planPath(goal.id)];
    const there = await readBranchFile(hub, ref, path);
    // Nothing has started, so there is no branch yet: written when there is.
    if (!there.ok) return null;
    const seen = (command: Omit<Extract<GoalCommand, { type: 'plan-file-seen' }>, 'type'>): Report => ({
      stream: performance.stream,
      command: { type: 'plan-file-seen', ...command } satisfies GoalCommand,
    });
    const text = await textOf(goal);
    const { file } = there.value;
    const known = goal.planFile?.blob ?? null;
    const isRefused = goal.planFile?.refused != null;
    if (file !== null && file.blob !== known && file.text !== text && !isRefused) {
      const found = await compare(goal, file.text);
      if (!found.ok) return seen({ blob: file.blob, edit: { text: file.text, lines: [], problem: said(found.error) } });
      if (found.value.lines.length > 0)
        return seen({ blob: file.blob, edit: { text: file.text, lines: found.value.lines, problem: null } });
    }
    const { author } = await parts.setupOf(goal);
    const blob = await writeBranchFile(hub, ref, { path, text, message: 'Write the plan', author }, there.value);
    if (!blob.ok) throw new Error(said(blob.error));
    return seen({ blob: blob.value, edit: null });
  }

  async function apply(performance: Performance): Promise<Report> {
    const goal = parts.goals.state(performance.subject);
    const edit = goal?.planFile?.edit;
    if (!goal || !edit) return null;
    const texts = await engine.payloads([edit.text.id]);
    const found = await compare(goal, texts.get(edit.text.id) ?? '');
    const applied = found.ok
      ? await parts.goals.execute(
          goal.id,
          { type: 'apply-plan', ...found.value.change, by: 'ceo' },
          { id: `${performance.id}:apply` },
        )
      : err(found.error);
    return {
      stream: performance.stream,
      command: { type: 'plan-edited', problem: applied.ok ? null : said(applied.error) } satisfies GoalCommand,
    };
  }

  const inTurn = (work: (performance: Performance) => Promise<Report>) => (performance: Performance) =>
    parts.turns.run(`plan:${performance.subject}`, () => work(performance));
  engine.perform('plan.write', inTurn(write));
  engine.perform('plan.apply', inTurn(apply));
  return { textOf, compare };
}
