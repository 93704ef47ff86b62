import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StreamHandle } from '#main/engine/engine.ts';
import type { GoalCommand, Sighting } from '#main/features/goals/index.ts';
import { openGoalBranch, type Workspace } from '#main/features/workspaces/index.ts';
import { must, type Playground, playground, put, rawGit } from '#main/features/workspaces/test-kit.ts';
import { ok } from '#main/platform/result.ts';
import type { FileLease } from '#protocol/model/goal/collision.ts';
import { type Attempt, emptyGoal, type Goal, type Task } from '#protocol/model/goal/state.ts';
import { createLook } from './look.ts';

const LINES = 'one\ntwo\nthree\nfour\nfive\n';
const ref = (id: string) => ({ id, hash: id });

let at: Playground;
let works: Map<string, Workspace>;
let goals: Map<string, Goal>;
let told: Array<{ goal: string; command: GoalCommand }>;

beforeEach(() => {
  at = playground({ 'list.txt': LINES });
  works = new Map();
  goals = new Map();
  told = [];
});
afterEach(() => at.remove());

/** A goal on the same target, with an attempt (and its workspace) for each of these tasks. */
async function goal(id: string, attempts: Readonly<Record<string, string>>, over: Partial<Goal> = {}): Promise<void> {
  const made: Goal = {
    ...emptyGoal(id),
    status: 'running',
    project: 'p',
    target: 'main',
    branch: `aios/${id}`,
    ...over,
  };
  for (const attempt of Object.keys(attempts)) works.set(attempt, await at.workspace(attempt));
  must(await openGoalBranch(at.hub, `refs/heads/${made.branch}`, rawGit(at.user, 'rev-parse', 'HEAD')));
  const entries = Object.entries(attempts);
  const attempt = ([name, task]: [string, string], index: number) =>
    ({ id: name, task, agent: name, status: 'running', workspace: works.get(name)?.path, startedAt: index }) as Attempt;
  goals.set(id, {
    ...made,
    tasks: Object.fromEntries(entries.map(([, task]) => [task, { id: task, kind: 'work' } as Task])),
    attempts: Object.fromEntries(entries.map((each, index) => [each[0], attempt(each, index)])),
  });
}

function edit(attempt: string, file: string, text: string): void {
  writeFileSync(join(works.get(attempt)?.path ?? '', file), text);
}

function radar(leases: ReadonlyMap<string, string> = new Map()) {
  const handle: StreamHandle<Goal, GoalCommand> = {
    state: (id) => goals.get(id),
    ids: () => [...goals.keys()],
    execute: async (id, command) => {
      told.push({ goal: id, command });
      return ok({ command: 'c', stream: id, sequence: 0, repeated: false });
    },
  };
  const workspaceOf = (_: Goal, attempt: Attempt) => works.get(attempt.id) as Workspace;
  return createLook({
    goals: handle,
    places: { hubOf: () => at.hub, workspaceOf, checkAt: () => works.values().next().value as Workspace },
    storeOf: (project) => join(at.root, 'data', `${project}.radar.git`),
    texts: async () => leases,
    now: () => 1_000,
  });
}

const seenBy = (id: string): Sighting[] =>
  told.flatMap(({ goal: of, command }) => (of === id && command.type === 'collisions' ? command.seen : []));

describe('a look', () => {
  it('tells both goals of work that collides across them, each with the other elsewhere', async () => {
    await goal('g1', { a: 't1' });
    await goal('g2', { b: 't2' });
    await goal('other-target', { c: 't3' }, { target: 'release' });
    for (const attempt of ['a', 'b', 'c']) edit(attempt, 'list.txt', LINES.replace('three', attempt));
    await radar().at('g1', 'a');
    const [mine] = seenBy('g1');
    expect(mine).toMatchObject({
      kind: 'conflict',
      attempts: ['a'],
      elsewhere: { goal: 'g2', attempt: 'b' },
      files: ['list.txt'],
    });
    expect(seenBy('g2')).toMatchObject([
      { collision: mine?.collision, attempts: ['b'], elsewhere: { goal: 'g1', attempt: 'a' } },
    ]);
    expect(seenBy('other-target')).toEqual([]);
  });

  it('names the earlier work first, is quiet about one file that merges, and lets racers of one task be', async () => {
    await goal('g1', { a: 't1', b: 't2', racer: 't1' });
    edit('a', 'list.txt', LINES.replace('one', 'a'));
    edit('b', 'list.txt', LINES.replace('five', 'b'));
    edit('racer', 'list.txt', LINES.replace('one', 'racer'));
    await radar().at('g1', 'a');
    expect(seenBy('g1')).toEqual([
      { collision: 'a~b', kind: 'same-file', attempts: ['a', 'b'], elsewhere: null, files: ['list.txt'] },
    ]);
  });

  it('sees what conflicts with what is merged', async () => {
    await goal('g1', { a: 't1' });
    put(at.user, { 'list.txt': LINES.replace('three', 'merged') });
    const commit = at.commit('merged');
    await at.workspace('takes-the-commit-over');
    rawGit(at.root, '--git-dir', at.hub, 'update-ref', 'refs/heads/aios/g1', commit);
    edit('a', 'list.txt', LINES.replace('three', 'a'));
    await radar().at('g1', 'a');
    expect(seenBy('g1')).toEqual([
      { collision: 'a~tip', kind: 'conflict', attempts: ['a'], elsewhere: null, files: ['list.txt'] },
    ]);
  });

  it('sees changes under the lease of another, not under one that has run out', async () => {
    const lease = (holder: string, until: number): FileLease => ({
      id: `l_${holder}`,
      holder,
      paths: ref('globs'),
      until,
    });
    await goal('g1', { a: 't1', b: 't2', c: 't3' });
    edit('c', 'list.txt', LINES.replace('one', 'c'));
    const globs = new Map([['globs', 'docs/**\n*.txt']]);
    const set = (...leases: FileLease[]) => {
      const known = goals.get('g1') as Goal;
      goals.set('g1', { ...known, leases: Object.fromEntries(leases.map((each) => [each.id, each])) });
    };
    set(lease('a', 2_000), lease('b', 500));
    await radar(globs).at('g1', 'c');
    expect(seenBy('g1')).toEqual([
      { collision: 'a~c~lease', kind: 'leased', attempts: ['a', 'c'], elsewhere: null, files: ['list.txt'] },
    ]);
  });
});
