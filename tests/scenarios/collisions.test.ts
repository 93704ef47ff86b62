import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '#main/platform/clock.ts';
import { openCollisions } from '#protocol/model/goal/collide.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import type { ModelReply, ModelRequest } from '../doubles/model-server.ts';
import {
  git,
  goalOf,
  openWorld,
  present,
  ready,
  snapshotOf,
  state,
  textsIn,
  value,
  type World,
  waitFor,
} from './kit.ts';
import { type Act, acting, aios, call, done, lastOf, roleOf, workspaceOf } from './model.ts';

const ROLE =
  'driver: claude-code, model: claude-sonnet-5-5, tools: [read, edit, shell], writable: ["**"], aiosTools: [read_messages, send_message, complete_task, claim_files, report_progress], caps: { usd: 2 }';
const crewWith = (policy: string) => `
name: pair
title: Pair
collisions: ${policy}
limits: { usd: 5 }
roles:
  ann: { title: Ann, prompt: Work., ${ROLE} }
  bob: { title: Bob, prompt: Work., ${ROLE} }
`;
const FILES = { 'README.md': '# Sample\n', 'list.txt': 'one\ntwo\nthree\nfour\nfive\n' };

const readList: Act = (request) => call('Read', { file_path: `${workspaceOf(request)}/list.txt` });
const editList =
  (line: string): Act =>
  (request) =>
    call('Edit', { file_path: `${workspaceOf(request)}/list.txt`, old_string: 'three', new_string: line });
const writeList =
  (text: string): Act =>
  (request) =>
    call('Write', { file_path: `${workspaceOf(request)}/list.txt`, content: text });

/** A step of one agent that begins only when the goal has come somewhere. */
interface Gate {
  readonly until?: (goal: Goal) => unknown;
  /** Only once AIOS has written to the agent. */
  readonly told?: boolean;
  readonly act: Act;
}

let world: World;
afterEach(() => world.close());

/** Waits for a message of AIOS's own to the agent of a role. */
async function written(goal: string, role: string): Promise<void> {
  const { agents } = await goalOf(world.operations, goal);
  const agent = present(Object.values(agents).find((each) => each.role === role)).id;
  const there = async () => {
    const { conversations } = await snapshotOf(world.operations);
    const messages = conversations.flatMap((each) => Object.values(each.messages));
    return messages.some((message) => message.from === 'system' && message.to.includes(agent));
  };
  await expect.poll(there, { timeout: 30_000 }).toBe(true);
}

/** Ann and Bob on a board, each with a list of steps. */
async function pair(policy: string, steps: Record<'ann' | 'bob', readonly Gate[]>, clock?: Clock) {
  let goal = '';
  const gates: Record<string, readonly Gate[]> = steps;
  const model = async (request: ModelRequest): Promise<ModelReply> => {
    const mine = gates[roleOf(request)] ?? [];
    const turn = request.messages.filter((message) => message.role === 'assistant').length;
    const until = request.tools?.length ? mine[turn]?.until : undefined;
    if (until) await waitFor(world.operations, goal, (now) => (until(now) ? true : null));
    if (request.tools?.length && mine[turn]?.told) await written(goal, roleOf(request));
    return acting(mine.map((gate) => gate.act))(request);
  };
  world = await openWorld('collisions', {
    model,
    files: FILES,
    agentCap: 2,
    ...(clock === undefined ? {} : { overrides: { clock } }),
  });
  const crew = join(world.folder, 'pair.yaml');
  await writeFile(crew, crewWith(policy));
  goal = await state(world, { text: 'Pair', crew, board: true, agent: undefined });
  const agents = Object.values((await goalOf(world.operations, goal)).agents);
  for (const role of ['ann', 'bob'] as const) {
    const agent = present(agents.find((each) => each.role === role)).id;
    const task = {
      key: role,
      title: `Task of ${role}`,
      brief: 'Change the third line.',
      assignee: { kind: 'agent' as const, agent },
    };
    value(await world.operations.plan.addTasks({ goal, tasks: [{ ...task, dependsOn: [] }] }, undefined));
  }
  return goal;
}

const attemptOf = (goal: Goal, role: string) =>
  Object.values(goal.attempts).find((attempt) => goal.agents[attempt.agent]?.role === role);
const acted = (goal: Goal) => openCollisions(goal).find((each) => each.kind === 'conflict' && each.action !== null);
const isMerged = (role: string) => (goal: Goal) => attemptOf(goal, role)?.status === 'merged';
/** What an agent was told since its last answer. */
const heard = (role: string) =>
  world.model.requests
    .filter((request) => roleOf(request as ModelRequest) === role)
    .map((request) => lastOf(request as ModelRequest))
    .join('\n');
const merges = (goal: Goal) =>
  git(
    world.repo,
    '--git-dir',
    join(world.home, 'hubs', `${goal.project}.git`),
    'log',
    '--merges',
    '--first-parent',
    '--format=%s',
    goal.branch,
  );

describe('two agents on the same lines', () => {
  it('are both warned while neither is merged, and the later one resolves it', async () => {
    const goal = await pair('warn', {
      ann: [
        { act: readList },
        { act: editList('three by Ann') },
        { until: acted, told: true, act: aios('read_messages') },
        { act: done() },
      ],
      bob: [
        { act: readList },
        { act: editList('three by Bob') },
        { until: acted, told: true, act: aios('read_messages') },
        { until: isMerged('ann'), act: done() },
        { act: [] },
        { act: readList },
        { act: writeList('one\ntwo\nthree by both\nfour\nfive\n') },
        { act: done() },
      ],
    });
    const seen = await waitFor(world.operations, goal, (now) => acted(now) && now);
    expect(Object.values(seen.attempts).map((attempt) => attempt.mergeCommit)).toEqual([null, null]);
    const collision = present(acted(seen));
    expect(collision).toMatchObject({ kind: 'conflict', action: 'warn', count: 1 });
    expect(collision.attempts).toEqual([attemptOf(seen, 'ann')?.id, attemptOf(seen, 'bob')?.id]);
    expect((await textsIn(world.operations))[collision.files.id]).toBe('list.txt');
    const ended = await ready(world.operations, goal);
    expect(openCollisions(ended)).toEqual([]);
    expect(heard('ann')).toContain("Bob's task: Task of bob");
    expect(heard('bob')).toContain("Ann's task: Task of ann");
    expect(heard('bob')).toContain('- list.txt');
    expect(await git(world.repo, 'status', '--porcelain')).toBe('');
  });

  it('by sequence: the later work waits for the earlier, and is merged after it took that in', async () => {
    const waits = (goal: Goal) => attemptOf(goal, 'bob')?.wait?.cause === 'sequence';
    const goal = await pair('sequence', {
      ann: [{ act: readList }, { act: editList('three by Ann') }, { until: waits, act: done() }],
      bob: [
        { act: readList },
        { act: editList('three by Bob') },
        { until: acted, told: true, act: aios('read_messages') },
        { act: done() },
        { act: [] },
        { act: readList },
        { act: writeList('one\ntwo\nthree by both\nfour\nfive\n') },
        { act: done() },
      ],
    });
    const held = await waitFor(world.operations, goal, (now) => waits(now) && now);
    expect(attemptOf(held, 'bob')?.wait).toMatchObject({ owner: attemptOf(held, 'ann')?.agent });
    const ended = await ready(world.operations, goal);
    expect(heard('bob')).toContain('AIOS merges the result of Ann into your workspace');
    expect((await merges(ended)).split('\n')).toEqual(['Task of bob', 'Task of ann']);
    expect(Object.values(ended.runs).filter((run) => run.reason === 'conflict')).toHaveLength(1);
    const glances = join(world.home, 'radar', `${ended.project}.git`);
    await expect.poll(() => existsSync(glances), { timeout: 15_000 }).toBe(false);
  });

  it('by hand-over: the files go to the earlier, who gets a lease on them', async () => {
    const goal = await pair('hand-over', {
      ann: [{ act: readList }, { act: editList('three by Ann') }, { until: acted, act: done() }],
      bob: [
        { act: readList },
        { act: editList('three by Bob') },
        { until: acted, told: true, act: aios('read_messages') },
        { act: writeList(FILES['list.txt']) },
        { act: (request) => call('Write', { file_path: `${workspaceOf(request)}/bob.txt`, content: 'mine\n' }) },
        { act: done() },
      ],
    });
    const handed = await waitFor(world.operations, goal, (now) => acted(now) && now);
    const [lease] = Object.values(handed.leases);
    expect(lease?.holder).toBe(attemptOf(handed, 'ann')?.id);
    expect((await textsIn(world.operations))[lease?.paths.id ?? '']).toBe('list.txt');
    const ended = await ready(world.operations, goal);
    expect(heard('bob')).toContain('These files go to Ann.');
    expect(ended.leases).toEqual({});
    expect(Object.values(ended.runs).filter((run) => run.reason === 'conflict')).toEqual([]);
  });
});

describe('claim_files', () => {
  it('refuses what another has leased, says whose it is, and gives it when the time is over', async () => {
    let ahead = 0;
    const real = systemClock();
    const clock: Clock = { ...real, now: () => real.now() + ahead };
    const leased = (goal: Goal) => Object.keys(goal.leases).length === 1;
    const noted = (role: string) => (goal: Goal) => attemptOf(goal, role)?.note !== null;
    const touched = (goal: Goal) => openCollisions(goal).some((each) => each.kind === 'leased');
    const goal = await pair(
      'warn',
      {
        ann: [
          { act: aios('claim_files', { paths: ['list.txt'], minutes: 5 }) },
          { until: isMerged('bob'), act: readList },
          { act: editList('three by Ann') },
          { act: done() },
        ],
        bob: [
          { until: leased, act: aios('claim_files', { paths: ['*.txt'] }) },
          { act: readList },
          {
            act: (request) =>
              call('Edit', { file_path: `${workspaceOf(request)}/list.txt`, old_string: 'five', new_string: 'six' }),
          },
          { until: touched, act: aios('report_progress', { note: 'Refused.' }) },
          { until: () => ahead > 0, act: aios('claim_files', { paths: ['*.txt'] }) },
          { act: done() },
        ],
      },
      clock,
    );
    await waitFor(world.operations, goal, noted('bob'));
    expect(heard('bob')).toContain('*.txt belongs to Ann until');
    ahead = 6 * 60_000;
    // Any event lets whoever waits look again.
    value(await world.operations.plan.place({ goal, nodes: [{ id: 'x', x: 0, y: 0, pinned: true }] }, undefined));
    await ready(world.operations, goal);
    expect(heard('bob')).toContain('Yours for 15 minutes: *.txt.');
  });
});
