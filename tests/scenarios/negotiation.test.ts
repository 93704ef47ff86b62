import { afterEach, expect, test } from 'vitest';
import type { Negotiation } from '#protocol/model/conversation/negotiation.ts';
import type { ModelReply, ModelRequest } from '../doubles/model-server.ts';
import {
  crewFile,
  goalOf,
  openItem,
  openWorld,
  present,
  ready,
  snapshotOf,
  state,
  tagOf,
  textsIn,
  value,
  type World,
  waitFor,
} from './kit.ts';
import { aios, claimed, done, lastOf, roleOf, saidIn, say, write } from './model.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const FIRST = 'The field is called due, a number of seconds.';
const SECOND = 'The field is called dueDate, a string YYYY-MM-DD.';

interface Call {
  readonly negotiation: string;
  readonly version: number;
}

/** The negotiation and version an agent was just asked about. */
function asked(last: string): Call | null {
  const found = /call respond with negotiation \\*"(neg_[\w-]+)\\*"(?:, version (\d+))?/.exec(last);
  return found ? { negotiation: found[1] ?? '', version: Number(found[2] ?? 0) } : null;
}

const hasMail = (last: string) => /you have unread messages|You have messages that want an answer/.test(last);
const mail = aios('read_messages');

/** Plans one task for each of two roles and, after both, one for a third. */
const TASKS = [
  { key: 'api', title: 'Build the API', brief: 'Do your part.', role: 'backend' },
  { key: 'form', title: 'Build the form', brief: 'Do your part.', role: 'frontend', depends_on: ['api'] },
];

/** Every agent reads its mail first, plans and works; `say` is what it does about the negotiation. */
function crewOf(
  acts: Readonly<Record<string, (request: ModelRequest, last: string) => ReturnType<typeof aios> | null>>,
  tasks: readonly object[] = TASKS,
): (request: ModelRequest) => ModelReply {
  return (request) => {
    if (!request.tools?.length) return { blocks: [say('A title')] };
    const last = lastOf(request);
    const role = roleOf(request);
    if (claimed(request)) return { blocks: [say('Done.')] };
    const act = acts[role]?.(request, last);
    if (act) return { blocks: [act] };
    if (hasMail(last)) return { blocks: [mail] };
    if (role === 'lead' && !saidIn(request).includes('is recorded. Call complete_task'))
      return saidIn(request).includes('Plan it:')
        ? { blocks: [aios('propose_plan', { tasks })] }
        : { blocks: [say('.')] };
    if (!saidIn(request).includes('Your task:') && role !== 'lead') return { blocks: [say('Heard.')] };
    if (role !== 'lead' && !saidIn(request).includes(`${role}.txt`))
      return { blocks: [write(request, `${role}.txt`, `${role}\n`)] };
    return { blocks: [done()] };
  };
}

async function negotiationOf(goal: string, at = world): Promise<Negotiation | undefined> {
  const all = value(await present(at).operations.messages.negotiations({ goal }, undefined));
  return all[0];
}

test('two agents agree after a counter; the decision is kept and told to whoever it binds', async () => {
  const prompts: string[] = [];
  const model = crewOf(
    {
      backend: (request, last) => {
        const call = asked(last);
        if (call) return aios('respond', { ...call, verdict: 'accept' });
        const begun = saidIn(request).includes('mcp__aios__propose');
        return saidIn(request).includes('Your task: Build the API') && !begun
          ? aios('propose', {
              to: 'role:frontend',
              subject: 'The due date field of the API',
              proposal: FIRST,
              binds: ['qa'],
            })
          : null;
      },
      frontend: (_request, last) => {
        const call = asked(last);
        return call ? aios('respond', { ...call, verdict: 'counter', text: SECOND }) : null;
      },
      qa: (_request, last) => {
        prompts.push(last);
        return null;
      },
    },
    [...TASKS, { key: 'test', title: 'Test it', brief: 'Do your part.', role: 'qa', depends_on: ['form'] }],
  );
  world = await openWorld('agree', { model });
  const crew = await crewFile(world, [[/"tests\/\*\*"/g, '"tests/**", "qa.txt"']]);
  const goal = await state(world, { agent: undefined, crew });
  await ready(world.operations, goal, 120_000);
  const found = present(await negotiationOf(goal));
  expect(found.proposals.map(({ version, by }) => [version, by === found.by])).toEqual([
    [1, true],
    [2, false],
  ]);
  expect(found.ended).toMatchObject({ outcome: 'agreed', version: 2 });
  const decisions = value(await world.operations.messages.decisions({}, undefined));
  expect(decisions).toMatchObject([{ how: 'agreed', textText: SECOND, over: null, binds: { roles: ['qa'] } }]);
  const told = prompts.filter((prompt) => prompt.includes('Decisions that bind you'));
  expect(told[0]).toContain(SECOND);
  expect(told[0]).not.toContain(FIRST);
}, 180_000);

test('whoever owns the subject rules where two do not agree, and both go on with the ruling', async () => {
  const model = crewOf(
    {
      devops: (request) => {
        const begun = saidIn(request).includes('mcp__aios__propose');
        return saidIn(request).includes('Your task:') && !begun
          ? aios('propose', { to: 'frontend', subject: 'Shape of the API', proposal: FIRST })
          : null;
      },
      frontend: (_request, last) => {
        const call = asked(last);
        return call ? aios('respond', { ...call, verdict: 'reject', text: 'Never.' }) : null;
      },
      backend: (_request, last) => {
        const call = asked(last);
        return call ? aios('respond', { negotiation: call.negotiation, verdict: 'decide', text: SECOND }) : null;
      },
    },
    [{ key: 'ops', title: 'Describe the API', brief: 'Do your part.', role: 'devops' }],
  );
  world = await openWorld('ruled', { model });
  const crew = await crewFile(world, [[/"CHANGELOG.md"/, '"CHANGELOG.md", "devops.txt"']]);
  const goal = await state(world, { agent: undefined, crew });
  await ready(world.operations, goal, 120_000);
  const found = present(await negotiationOf(goal));
  const { agents, runs } = await goalOf(world.operations, goal);
  expect(agents[found.ended?.by ?? '']?.role).toBe('backend');
  expect(found.arbitration).toMatchObject({ cause: 'rejected', stage: 1 });
  // The run that proposed stood still meanwhile and was resumed with the answer, once.
  expect(Object.values(runs).filter((run) => run.reason === 'resolved')).toHaveLength(1);
  const [decision] = value(await world.operations.messages.decisions({}, undefined));
  expect(decision).toMatchObject({ how: 'arbiter', textText: SECOND });
  expect(decision?.binds.agents).toHaveLength(2);
}, 180_000);

test('what an agent read while it worked and left without an answer it is asked once more', async () => {
  let proposed = false;
  const model = crewOf(
    {
      devops: (request) => {
        const begun = saidIn(request).includes('mcp__aios__propose');
        return saidIn(request).includes('Your task:') && !begun
          ? aios('propose', { to: 'frontend', subject: 'Shape of the API', proposal: FIRST })
          : null;
      },
      frontend: (request, last) => {
        const call = asked(last);
        if (!call) return null;
        // In the middle of its task it has something better to do.
        if (saidIn(request).includes('Your task: Build the form'))
          return write(request, 'frontend.txt', 'frontend\n') as never;
        return aios('respond', { ...call, verdict: 'accept' });
      },
    },
    [
      { key: 'ops', title: 'Describe the API', brief: 'Do your part.', role: 'devops' },
      { key: 'form', title: 'Build the form', brief: 'Do your part.', role: 'frontend' },
    ],
  );
  world = await openWorld('forgotten', {
    model: async (request) => {
      // Frontend is at work when the proposal comes.
      if (roleOf(request) === 'frontend' && request.tools?.length && !proposed)
        await expect
          .poll(async () => (proposed = (await negotiationOf(goal)) !== undefined), { timeout: 60_000 })
          .toBe(true);
      const reads = roleOf(request) === 'frontend' && !saidIn(request).includes('aios-message');
      if (reads && request.tools?.length && saidIn(request).includes('Your task: Build')) return { blocks: [mail] };
      return model(request);
    },
  });
  const crew = await crewFile(world, [[/"CHANGELOG.md"/, '"CHANGELOG.md", "devops.txt"']]);
  const goal = await state(world, { agent: undefined, crew });
  const ended = await ready(world.operations, goal, 120_000);
  expect(present(await negotiationOf(goal)).ended).toMatchObject({ outcome: 'agreed', version: 1 });
  const replies = Object.values(ended.tasks).filter((task) => task.kind === 'reply');
  expect(replies).toHaveLength(1);
}, 180_000);

test('silent arbiters pass it on to the CEO, over a restart; the ruling reaches both', async () => {
  const model = crewOf(
    {
      devops: (request) => {
        const begun = saidIn(request).includes('mcp__aios__propose');
        return saidIn(request).includes('Your task:') && !begun
          ? aios('propose', { to: 'frontend', subject: 'Shape of the API', proposal: FIRST })
          : null;
      },
      // Whoever was asked has nothing to say: a party, then the owner, then the Lead.
      frontend: (_request, last) => (asked(last) ? say('Hm.') : null) as never,
      backend: (_request, last) => (asked(last) ? say('Hm.') : null) as never,
      lead: (_request, last) => (asked(last) ? say('Hm.') : null) as never,
    },
    [{ key: 'ops', title: 'Describe the API', brief: 'Do your part.', role: 'devops' }],
  );
  world = await openWorld('ceo', { model });
  const crew = await crewFile(world, [[/"CHANGELOG.md"/, '"CHANGELOG.md", "devops.txt"']]);
  const goal = await state(world, { agent: undefined, crew });
  const item = await waitFor(world.operations, goal, (each) => openItem(each, 'arbitration'), 120_000);
  const before = present(await negotiationOf(goal));
  expect(before.arbitration).toMatchObject({ arbiter: 'ceo', stage: 3, cause: 'silent' });
  expect((await textsIn(world.operations))[item.detail?.id ?? '']).toContain(
    `v1, proposed by DevOps, accepted by DevOps:\n${FIRST}`,
  );
  await world.restart();
  expect(await negotiationOf(goal)).toEqual(before);
  const answer = { goal, item: item.id, answer: 'reply' as const };
  expect(tagOf(await world.operations.goals.answer({ ...answer, text: ' ' }, undefined))).toBe('empty-ruling');
  value(await world.operations.goals.answer({ ...answer, text: 'v1' }, undefined));
  await ready(world.operations, goal, 120_000);
  expect((await negotiationOf(goal))?.ended).toMatchObject({ outcome: 'decided', by: 'ceo', version: 1 });
  expect(value(await world.operations.messages.decisions({}, undefined))).toMatchObject([
    { how: 'ceo', textText: FIRST },
  ]);
  const { conversations } = await snapshotOf(world.operations);
  const ruling = conversations.flatMap((each) => Object.values(each.messages)).filter((each) => each.from === 'ceo');
  expect(ruling.map((message) => message.to.length)).toEqual([2]);
  expect(openItem(await goalOf(world.operations, goal), 'arbitration')).toBeUndefined();
}, 240_000);
