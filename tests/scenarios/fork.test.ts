import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Goal } from '#protocol/model/goal/state.ts';
import type { ModelRequest } from '../doubles/model-server.ts';
import { git, goalOf, openWorld, present, ready, snapshotOf, state, tagOf, value, type World, waitFor } from './kit.ts';
import { aios, claimed, done, roleOf, saidIn, say, turnsOf, write } from './model.ts';

const PLAN = [
  { key: 'a', title: 'First thing', brief: 'first.txt is there.', role: 'backend' },
  { key: 'b', title: 'Second thing', brief: 'second.txt is there.', role: 'backend', depends_on: ['a'] },
];

/** Agents of the goal `held` wait at their first answer until they are let go. */
let release: (() => void) | null = null;

/** What a task's agent writes depends on the words of the goal, so that a fork with other words ends otherwise. */
async function model(request: ModelRequest) {
  if (!request.tools?.length) return { blocks: [say('A title')] };
  if (claimed(request)) return { blocks: [say('That was all.')] };
  const said = saidIn(request);
  if (roleOf(request) === 'lead')
    return { blocks: [turnsOf(request) === 0 ? aios('propose_plan', { tasks: PLAN }) : done()] };
  const second = said.includes('Your task: Second thing');
  if (second && said.includes('slowly') && turnsOf(request) === 0)
    await new Promise<void>((resolve) => {
      release = resolve;
    });
  const words = said.includes('in capitals') ? 'SECOND\n' : 'second\n';
  const act = second ? write(request, 'second.txt', words) : write(request, 'first.txt', 'first\n');
  return { blocks: [turnsOf(request) === 0 ? act : done()] };
}

let world: World;
beforeAll(async () => {
  world = await openWorld('fork', { model });
});
afterAll(async () => {
  release?.();
  await world.close();
});

const operations = () => world.operations.goals;
const merged = (goal: Goal) => Object.values(goal.attempts).filter((attempt) => attempt.mergeCommit !== null);
const crew = { agent: undefined, capUsd: 3 } as const;

async function fileIn(goal: Goal, path: string): Promise<string> {
  const hub = `${world.home}/hubs/${goal.project}.git`;
  return git(world.repo, `--git-dir=${hub}`, 'show', `${goal.branch}:${path}`);
}

describe('forks', () => {
  it('runs again from the first merge with other words, in workspaces of its own, and is compared', {
    timeout: 170_000,
  }, async () => {
    const first = await state(world, { ...crew, text: 'Write two files' });
    const origin = await ready(world.operations, first);
    const [boundary] = merged(origin).sort((one, other) => one.changedAt - other.changedAt);
    const at = { kind: 'merge', attempt: present(boundary).id } as const;
    const command = 'cmd_fork_1';
    const asked = {
      goal: first,
      at,
      text: 'Write two files, in capitals',
      models: { backend: 'other-model' },
      capUsd: 1,
    };
    const forked = value(await operations().fork({ ...asked, command }, undefined));
    expect([forked.commit, forked.capNanos]).toEqual([present(boundary).mergeCommit, 1e9]);
    // The same command again is the same fork.
    expect(value(await operations().fork({ ...asked, command }, undefined)).goal).toBe(forked.goal);
    const ended = await ready(world.operations, forked.goal);

    const work = Object.values(ended.tasks);
    expect(work.map((task) => task.status)).toEqual(['done']);
    expect(ended.forkedFrom).toMatchObject({
      goal: first,
      at,
      done: [present(boundary).task],
      tasks: [{ to: work[0]?.id }],
    });
    expect(Object.values(ended.agents).find((agent) => agent.role === 'backend')?.model).toBe('other-model');
    expect(Object.keys(ended.agents).some((id) => origin.agents[id])).toBe(false);
    const [attempt] = Object.values(ended.attempts);
    expect([attempt?.base, ended.base]).toEqual([forked.commit, forked.commit]);
    expect(attempt?.workspace).toContain(`/${ended.id}/`);
    expect([await fileIn(ended, 'first.txt'), await fileIn(ended, 'second.txt')]).toEqual(['first', 'SECOND']);
    // The original is as it was.
    expect(await goalOf(world.operations, first)).toEqual(origin);
    expect(await fileIn(origin, 'second.txt')).toBe('second');
    const { budgets } = await snapshotOf(world.operations);
    expect(budgets.nodes[`goal/${forked.goal}`]?.cap).toBe(1e9);
    expect(budgets.nodes[`goal/${first}`]?.cap).toBe(3e9);

    const compared = value(await operations().compare({ a: first, b: forked.goal }, undefined));
    expect(compared.common).toBe(forked.commit);
    expect(compared.files).toEqual([{ path: 'second.txt', in: 'both-different' }]);
    expect([compared.a.tasks.done, compared.b.tasks.done]).toEqual([2, 1]);
    expect([compared.a.whole, compared.b.whole, compared.b.checks.passed]).toEqual([true, true, 1]);
    expect(compared.b.diff).toEqual({ files: 1, additions: 1, deletions: 0 });
    expect(compared.a.spent).toBeGreaterThan(compared.a.spentBefore);
    expect(compared.a.spentBefore).toBeGreaterThan(0);
    expect(compared.b.calls).toBeGreaterThan(0);
    expect(compared.b.spentBefore).toBe(0);
  });

  it('forks a goal that runs, at its start and with a plan to approve; neither holds the other up', {
    timeout: 170_000,
  }, async () => {
    const slow = await state(world, { ...crew, text: 'Write two files slowly' });
    const running = await waitFor(world.operations, slow, (goal) => merged(goal).length > 0 && goal);
    const at = { kind: 'start' } as const;
    const fork = value(
      await operations().fork({ goal: slow, at, text: 'Write two files', mode: 'ask' }, undefined),
    ).goal;
    const asking = await goalOf(world.operations, fork);
    expect(asking.status).toBe('awaiting-approval');
    expect(Object.values(asking.tasks).map((task) => task.status)).toEqual(['proposed', 'proposed']);
    value(await operations().approvePlan({ goal: fork }, undefined));
    const ended = await ready(world.operations, fork);
    expect(merged(ended)).toHaveLength(2);
    expect(ended.base).toBe(running.base);
    const still = await goalOf(world.operations, slow);
    expect(still.status).toBe('running');
    await expect.poll(() => release, { timeout: 30_000 }).not.toBeNull();
    release?.();
    expect(merged(await ready(world.operations, slow))).toHaveLength(2);
  });

  it('is refused where there is no boundary, nothing left, or no such role', async () => {
    const goals = value(await operations().list(undefined as never, undefined));
    const origin = present(goals.find((goal) => goal.forkedFrom === null && goal.status === 'ready'));
    const ask = async (more: object) =>
      tagOf(await operations().fork({ goal: origin.id, at: { kind: 'start' }, ...more }, undefined));
    const unknown = { kind: 'merge', attempt: 'att_nothing' };
    expect(await ask({ at: unknown })).toBe('no-such-boundary');
    expect(await ask({ goal: 'goal_nothing' })).toBe('no-such-goal');
    const planning = Object.values(origin.attempts).find((attempt) => attempt.mergeCommit === null);
    expect(await ask({ at: { kind: 'merge', attempt: present(planning).id } })).toBe('no-such-boundary');
    const last = merged(origin)
      .sort((one, other) => one.changedAt - other.changedAt)
      .at(-1);
    expect(await ask({ at: { kind: 'merge', attempt: present(last).id } })).toBe('nothing-left');
    expect(await ask({ models: { pilot: 'm' } })).toBe('no-such-role');
    expect(value(await operations().list(undefined as never, undefined))).toHaveLength(goals.length);
  });
});
