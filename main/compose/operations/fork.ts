import { splitStream } from '#main/engine/streams.ts';
import type { ProposedTask } from '#main/features/goals/index.ts';
import type { GoalSetup } from '#main/features/runs/index.ts';
import { tipOf } from '#main/features/workspaces/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { Operations } from '#main/server/operations.ts';
import { newFork } from '#protocol/contract/fork.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { doneAt, leftAfter, type PlacedBoundary, placeBoundary } from '#protocol/model/goal/boundaries.ts';
import type { AgentRecord } from '#protocol/model/goal/parts.ts';
import { crewOf } from '#protocol/model/goal/ready.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { nanosFromUsd } from '#protocol/model/money.ts';
import type { Parts } from '../parts.ts';
import { compare } from './compare.ts';
import { forkTasks, type Rewritten } from './fork-tasks.ts';
import { knownGoal } from './known-goal.ts';
import { lookAt } from './projects.ts';
import { branchFor, checkText, checkTrust } from './state-goal.ts';

type Input = ReturnType<typeof newFork.parse>;

/** What a fork needs of the goal it comes from. */
interface Origin {
  readonly goal: Goal;
  readonly placed: PlacedBoundary;
  readonly setup: GoalSetup;
}

const NOTHING_LEFT = faultOf(
  'nothing-left',
  'There is nothing left to do from there.',
  'All tasks of the plan are done at that moment.',
  'Fork earlier, let the Lead plan anew, or write other tasks.',
);

/** The boundary and whether its commit is still there. */
async function placed(parts: Parts, goal: Goal, input: Input): Promise<Result<PlacedBoundary, Fault>> {
  const found = placeBoundary(goal, input.at);
  if (!found)
    return err(
      faultOf(
        'no-such-boundary',
        'A goal cannot be forked from there.',
        'Forks begin at its start, where an attempt began, or where one was merged.',
        'Choose one of these moments: `aios fork GOAL` lists them.',
      ),
    );
  const there = found.at.kind === 'start' || (await tipOf(parts.places.hubOf(goal.project), found.commit)).ok;
  if (there) return ok(found);
  return err(
    faultOf(
      'commit-gone',
      'The files of that moment are gone.',
      'The hub has lost the commit.',
      'Fork from its start.',
    ),
  );
}

/** The repository is trusted as it is now, the endpoint is there, and the crew has the roles that get other models. */
async function checkOrigin(parts: Parts, { goal, setup }: Origin, input: Input): Promise<Result<void, Fault>> {
  const unknown = Object.keys(input.models).find((role) => !Object.hasOwn(setup.crew.roles, role));
  if (unknown !== undefined) {
    const roles = Object.keys(setup.crew.roles).join(', ');
    return err(faultOf('no-such-role', `The crew has no role "${unknown}".`, `Its roles: ${roles}.`, 'Choose one.'));
  }
  if (!parts.upstreams.config(goal.upstream))
    return err(
      faultOf(
        'no-upstream',
        'The model endpoint of this goal is not set up.',
        'Nothing could run.',
        'Set it up first.',
      ),
    );
  const found = await lookAt(parts, setup.repository);
  return found.ok ? checkTrust(found.value) : found;
}

/** The same crew with ids of its own, so that money and messages stay apart. */
function rehire(parts: Parts, { goal }: Origin, models: Input['models']): Map<string, AgentRecord> {
  return new Map(
    crewOf(goal).map((agent) => [
      agent.id,
      { ...agent, id: parts.newId('agent'), model: models[agent.role] ?? agent.model },
    ]),
  );
}

function withModels(setup: GoalSetup, models: Input['models']): GoalSetup {
  const roles = Object.fromEntries(
    Object.entries(setup.crew.roles).map(([name, role]) => [name, { ...role, model: models[name] ?? role.model }]),
  );
  return { ...setup, crew: { ...setup.crew, roles } };
}

/** The goal's words; whoever plans anew is told what is there already. */
async function textOf(parts: Parts, { goal }: Origin, input: Input, done: ReadonlySet<string>): Promise<string> {
  const refs = [goal.text, ...[...done].map((id) => goal.tasks[id]?.title ?? null)].flatMap((ref) => ref ?? []);
  const texts = await parts.engine.payloads(refs.map((ref) => ref.id));
  const said = input.text ?? texts.get(goal.text?.id ?? '') ?? '';
  const titles = [...done].flatMap((id) => texts.get(goal.tasks[id]?.title.id ?? '') ?? []);
  if (input.plan !== 'replan' || titles.length === 0) return said;
  return `${said}\n\nThis is done and merged already:\n${titles.map((title) => `- ${title}`).join('\n')}`;
}

async function tasksOf(
  parts: Parts,
  { goal }: Origin,
  input: Input,
  rewritten: Rewritten,
): Promise<Result<ProposedTask[] | null, Fault>> {
  if (input.plan === 'replan') return ok(null);
  const tasks = await forkTasks(parts, goal, input.plan === 'same' ? null : input.plan.tasks, rewritten);
  return tasks.length === 0 ? err(NOTHING_LEFT) : ok(tasks);
}

async function fork(parts: Parts, input: Input): ReturnType<Operations['goals']['fork']> {
  const known = knownGoal(parts, input.goal);
  if (!known.ok) return known;
  const goal = known.value;
  const at = await placed(parts, goal, input);
  if (!at.ok) return at;
  const origin: Origin = { goal, placed: at.value, setup: await parts.runner.setupOf(goal) };
  const fine = await checkOrigin(parts, origin, input);
  if (!fine.ok) return fine;
  const done = doneAt(goal, at.value);
  const agents = rehire(parts, origin, input.models);
  const left = leftAfter(goal, done);
  const tasks = await tasksOf(parts, origin, input, { left, done, agents });
  if (!tasks.ok) return tasks;
  const text = checkText(await textOf(parts, origin, input, done), goal.board);
  if (!text.ok) return text;
  const id = parts.newId('goal');
  const { commit } = at.value;
  const repeats = (tasks.value ?? []).flatMap(({ key, id: to }) => (goal.tasks[key] && to ? [{ from: key, to }] : []));
  const goalNanos = input.capUsd === undefined ? goal.limits.goalNanos : nanosFromUsd(input.capUsd);
  const { project, upstream, target, board, solo } = goal;
  const scripted = parts.upstreams.config(upstream)?.scripted ?? goal.ledger === 'rehearsal';
  const stated = await parts.goals.execute(
    id,
    {
      type: 'state',
      project,
      upstream,
      ledger: scripted ? 'rehearsal' : 'real',
      target,
      board,
      text: text.value,
      mode: input.mode ?? goal.mode,
      branch: branchFor(text.value, id),
      base: commit,
      crew: JSON.stringify(withModels(origin.setup, input.models)),
      agents: [...agents.values()],
      limits: { ...goal.limits, goalNanos },
      solo: solo === null ? null : (agents.get(solo)?.id ?? null),
      forkedFrom: { goal: goal.id, at: at.value.at, commit, done: [...done], tasks: repeats },
      ...(tasks.value === null ? {} : { plan: tasks.value }),
    },
    input.command === undefined ? {} : { id: input.command },
  );
  if (!stated.ok) return stated;
  // A repeated command names the fork it made the first time.
  const made = splitStream(stated.value.stream).id;
  const capNanos = parts.goals.state(made)?.limits.goalNanos ?? goalNanos;
  return ok({ goal: made, sequence: stated.value.sequence, commit, capNanos });
}

/** A goal once more from one of its boundaries, and two goals side by side. */
export function forkOperations(parts: Parts): Pick<Operations['goals'], 'fork' | 'compare'> {
  return {
    fork: (input) => fork(parts, newFork.parse(input)),
    compare: (input) => compare(parts, input.a, input.b),
  };
}
