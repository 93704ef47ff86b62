import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Goal, Task } from '#protocol/model/goal/state.ts';
import type { ModelBlock, ModelRequest } from '../doubles/model-server.ts';
import {
  crewFile,
  git,
  goalOf,
  openItem,
  openWorld,
  present,
  ready,
  state,
  textsIn,
  value,
  type World,
  waitFor,
} from './kit.ts';
import { type Act, acting, aios, claimed, done, lastOf, roleOf, saidIn, say, shell, write } from './model.ts';

/** The plan the Lead of the test proposes, by what the goal's text names. */
const PLANS: Readonly<Record<string, readonly unknown[]>> = {
  reviewed: [
    {
      key: 'note',
      title: 'Write the note',
      brief: 'Write note.txt.',
      role: 'backend',
      done_when: 'note.txt says what is finished.',
      checks: ['grep -q finished note.txt || grep -q DRAFT note.txt'],
      reviewed_by: 'qa',
    },
    { key: 'go', kind: 'gate', title: 'May it ship?', gate: { on: 'approval' }, depends_on: ['note'] },
    {
      key: 'proof',
      kind: 'gate',
      title: 'The note is there',
      gate: { on: 'check', command: 'test -f note.txt' },
      depends_on: ['go'],
    },
    { key: 'ship', title: 'Ship it', brief: 'Write shipped.txt.', role: 'devops', depends_on: ['proof'] },
    {
      key: 'mourn',
      title: 'Mourn',
      brief: 'Write mourn.txt.',
      role: 'devops',
      only_if: { node: 'proof', is: 'failed' },
    },
  ],
  raced: [{ key: 'fast', title: 'Write fast.txt', brief: 'Write fast.txt.', role: 'anyone', race: 2 }],
  spread: [
    { key: 'list', title: 'Name the modules', brief: 'Name them.', role: 'backend' },
    { key: 'each', kind: 'group', title: 'Each module', for_each: { from: 'list', role: 'frontend' } },
    { key: 'last', title: 'Ship both', brief: 'Write both.txt.', role: 'devops', depends_on: ['each'] },
  ],
};

const planOf = (request: ModelRequest): readonly unknown[] =>
  PLANS[/Goal: (\w+)/.exec(saidIn(request))?.[1] ?? ''] ?? [];

const lead: readonly Act[] = [(request) => aios('propose_plan', { tasks: planOf(request) }), done('Planned.')];

/** Looks at the diff and judges by what it says. */
function reviewer(request: ModelRequest): ModelBlock {
  const last = lastOf(request);
  if (last.includes('Recorded.')) return say('Judged.');
  if (!last.includes('diff --git')) return shell('git diff aios/goal...HEAD');
  const unfinished = last.includes('+DRAFT');
  return aios('review', {
    verdict: unfinished ? 'request-changes' : 'approve',
    comments: unfinished ? 'note.txt:1 is not finished.' : 'Good.',
  });
}

function worker(request: ModelRequest): ModelBlock {
  const [said, last] = [saidIn(request), lastOf(request)];
  if (claimed(request)) return say('Done.');
  if (last.includes('asks for changes')) return write(request, 'note.txt', 'finished\n');
  if (last.includes('has been updated') || last.includes('created successfully')) return done();
  const task = /Your task: ([^\n"\\]+)/.exec(said)?.[1] ?? '';
  if (task.startsWith('Write the note')) return write(request, 'note.txt', 'DRAFT\n');
  if (task.startsWith('Write fast')) return write(request, 'fast.txt', 'fast\n');
  if (task.startsWith('Ship both')) return write(request, 'scripts/both.txt', 'both\n');
  if (task.startsWith('Ship')) return write(request, 'scripts/shipped.txt', 'shipped\n');
  if (task.startsWith('Name')) {
    if (last.includes('Your task')) return write(request, 'modules.txt', 'one\ntwo\n');
    return aios('complete_task', { summary: 'Two.', items: ['Module one', 'Module two'] });
  }
  return write(request, `${task.toLowerCase().replaceAll(' ', '-')}.txt`, 'x\n');
}

let world: World;
beforeAll(async () => {
  world = await openWorld('plans', {
    agentCap: 3,
    model: (request) => {
      if (!request.tools?.length) return { blocks: [say('A title')] };
      if (roleOf(request) === 'lead') return acting(lead)(request);
      if (saidIn(request).includes('Review the work of a colleague')) return { blocks: [reviewer(request)] };
      const last = lastOf(request);
      if (last.includes('modules.txt') && last.includes('tool_result'))
        return { blocks: [aios('complete_task', { summary: 'Two.', items: ['Module one', 'Module two'] })] };
      return { blocks: [worker(request)] };
    },
  });
});
afterAll(() => world.close());

const titles = async (goal: Goal): Promise<ReadonlyMap<string, Task>> => {
  const texts = await textsIn(world.operations);
  const planned = Object.values(goal.tasks).filter((task) => task.kind !== 'review');
  return new Map(planned.map((task) => [texts[task.title.id] ?? '', task]));
};

async function stated(text: string): Promise<string> {
  const crew = await crewFile(world, [[/tasks: 200/, 'tasks: 40']]);
  return state(world, { text, crew, agent: undefined, mode: 'go' });
}

describe('a plan with nodes of every kind, run by real agents', () => {
  it('merges only what the reviewer approved, waits at its gates, and skips the branch not taken', async () => {
    const id = await stated('reviewed');
    const gated = await waitFor(world.operations, id, (goal) => openItem(goal, 'gate'), 90_000);
    const before = await goalOf(world.operations, id);
    const note = present((await titles(before)).get('Write the note'));
    expect(note).toMatchObject({ status: 'done', sentBack: 1 });
    expect(present((await titles(before)).get('Ship it')).status).toBe('open');
    value(await world.operations.goals.answer({ goal: id, item: gated.id, answer: 'allow', text: '' }, undefined));
    const goal = await ready(world.operations, id);
    const byTitle = await titles(goal);
    expect(byTitle.get('The note is there')).toMatchObject({ status: 'done', result: 'passed' });
    expect(byTitle.get('Ship it')?.status).toBe('done');
    expect(byTitle.get('Mourn')).toMatchObject({ status: 'cancelled', skipped: true });
    const reviews = Object.values(goal.tasks).filter((task) => task.kind === 'review');
    expect(reviews.map((task) => goal.agents[goal.attempts[task.attempts[0] ?? '']?.agent ?? '']?.role)).toEqual([
      'qa',
      'qa',
    ]);
    value(await world.operations.goals.accept({ goal: id }, undefined));
    expect(await git(world.repo, 'show', 'HEAD:note.txt')).toBe('finished');
  });

  it('runs a race by two agents and merges one of them', async () => {
    const goal = await ready(world.operations, await stated('raced'));
    const task = present((await titles(goal)).get('Write fast.txt'));
    const attempts = task.attempts.map((id) => present(goal.attempts[id]));
    expect(new Set(attempts.map((each) => each.agent)).size).toBe(2);
    expect(attempts.map((each) => each.status).sort()).toEqual(['cancelled', 'merged']);
  });

  it('spreads over what an agent found, and joins', async () => {
    const goal = await ready(world.operations, await stated('spread'));
    const byTitle = await titles(goal);
    for (const title of ['Module one', 'Module two', 'Each module', 'Ship both'])
      expect(byTitle.get(title)?.status, title).toBe('done');
    const times = [byTitle.get('Module one')?.endedAt, byTitle.get('Module two')?.endedAt].map(
      (at) => at ?? Number.POSITIVE_INFINITY,
    );
    const shipped = goal.attempts[byTitle.get('Ship both')?.attempts[0] ?? '']?.startedAt ?? 0;
    expect(Math.max(...times)).toBeLessThanOrEqual(shipped);
  });
});
