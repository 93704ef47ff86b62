import { readdirSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Goal } from '#protocol/model/goal/state.ts';
import type { ModelReply, ModelRequest } from '../doubles/model-server.ts';
import { goalOf, openItem, openWorld, present, ready, state, value, type World, waitFor } from './kit.ts';
import { acting, aios, done, lastOf, saidIn, say, shell, turnsOf, write } from './model.ts';

const CREW = `
name: pair
title: Pair
limits: { usd: 5, recoveries: 1, attempts: 1 }
roles:
  lead: { title: Lead, prompt: Plan., driver: claude-code, model: claude-opus-5-5, lead: true, tools: [read], aiosTools: [propose_plan, complete_task] }
  worker: { title: Worker, prompt: Work., driver: claude-code, model: claude-sonnet-5-5, count: 2, tools: [read, edit, shell], writable: ["**"], commands: [cat README.md], aiosTools: [report_progress, complete_task, ask_ceo, ask_predecessor], caps: { usd: 2CONTEXT } }
`;

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** Ends every process of a run, as a machine that runs out of memory would. */
function killRun(run: string): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const marked = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`AIOS_RUN=${run}`);
      if (marked) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // Gone, or not ours to look at.
    }
  }
}

/** Who asks, by the name its system prompt gives it. */
const nameOf = (request: ModelRequest) => /You are ([^,]+), the/.exec(saidIn(request))?.[1] ?? '';

interface Board {
  readonly goal: string;
  readonly task: string;
  readonly agents: readonly string[];
}

/** A board with one task that is given to the first of two workers. */
async function board(at: World, contextTokens?: number): Promise<Board> {
  const crew = join(at.folder, 'pair.yaml');
  await writeFile(
    crew,
    CREW.replace('CONTEXT', contextTokens === undefined ? '' : `, contextTokens: ${contextTokens}`),
  );
  const goal = await state(at, { text: 'Errands', crew, board: true, agent: undefined });
  const agents = Object.values((await goalOf(at.operations, goal)).agents).filter((agent) => agent.role === 'worker');
  const [task = ''] = value(
    await at.operations.plan.addTasks(
      {
        goal,
        tasks: [
          {
            key: 'a',
            title: 'Write work.md',
            brief: 'Write it well.',
            assignee: { kind: 'agent', agent: present(agents[0]).id },
          },
        ],
      },
      undefined,
    ),
  ).tasks;
  return { goal, task, agents: agents.map((agent) => agent.id) };
}

const attemptOf = (goal: Goal, task: string) =>
  present(goal.attempts[goal.tasks[task]?.attempts.at(-1) ?? ''], 'attempt');
const promptOf = (request: ModelRequest) => JSON.stringify(request.messages[0]).replaceAll('\\n', '\n');

describe.runIf(process.platform === 'linux')('a handoff', () => {
  test('an agent that keeps being killed is succeeded by a colleague, who finishes in the same workspace', async () => {
    const prompts: string[] = [];
    let kills = 0;
    world = await openWorld('succeed', {
      model: async (request): Promise<ModelReply> => {
        if (!request.tools?.length) return { blocks: [say('A title')] };
        if (nameOf(request) === 'Worker 2') {
          if (turnsOf(request) === 0) prompts.push(promptOf(request));
          return acting([
            aios('ask_predecessor', { query: 'careful' }),
            shell('cat half.md'),
            (to) => write(to, 'work.md', 'done\n'),
            done(),
          ])(request);
        }
        if (turnsOf(request) === 0)
          return { blocks: [say('I will be careful with the margins.'), write(request, 'half.md', 'half\n')] };
        if (turnsOf(request) === 1) return { blocks: [aios('report_progress', { note: 'Half of it is there.' })] };
        kills += 1;
        const running = Object.values((await goalOf(present(world).operations, goal)).runs).find(
          (run) => run.status === 'running',
        );
        killRun(present(running).id);
        return { blocks: [say('never heard')] };
      },
    });
    const { goal, task, agents } = await board(world);
    const ended = await ready(world.operations, goal, 120_000);
    expect(kills).toBe(2);
    const attempt = attemptOf(ended, task);
    expect(attempt).toMatchObject({
      number: 1,
      agent: agents[1],
      trail: { handoffs: [{ cause: 'crash', from: agents[0] }] },
    });
    const prompt = present(prompts[0]);
    expect(prompt).toContain('<packet>');
    expect(prompt).toMatch(/# Last failure[\s\S]*process/);
    expect(prompt).toContain('added half.md (+1 -0)');
    expect(prompt).toContain('Half of it is there.');
    expect(prompt).toContain('test -f README.md');
    const { diff } = value(await world.operations.goals.diff({ goal, attempt: attempt.id }, undefined));
    expect(diff).toContain('half.md');
    expect(diff).toContain('work.md');
  });

  test('a session that has nearly filled its context is handed over to a fresh one, which finishes', async () => {
    const firsts: ModelRequest[] = [];
    const long = 'I think about this at length. '.repeat(2_000);
    world = await openWorld('context', {
      model: (request) => {
        if (!request.tools?.length) return { blocks: [say('A title')] };
        if (turnsOf(request) === 0) firsts.push(request);
        const usage = { input: 3_000 + turnsOf(request) * 4_000, output: 200 };
        if (firsts.length > 1)
          return {
            ...acting([aios('ask_predecessor', { query: 'margins' }), (to) => write(to, 'work.md', 'done\n'), done()])(
              request,
            ),
            usage: { input: 900, output: 20 },
          };
        const step = turnsOf(request);
        return {
          blocks: [say(`${long} Next I will set the margins.`), write(request, `step${step}.md`, `${step}\n`)],
          usage,
        };
      },
    });
    const { goal, task } = await board(world, 10_000);
    const ended = await ready(world.operations, goal, 120_000);
    const attempt = attemptOf(ended, task);
    expect(attempt.trail.handoffs).toMatchObject([{ cause: 'context', from: attempt.agent, to: attempt.agent }]);
    expect(attempt).toMatchObject({ number: 1, recoveries: 0 });
    expect(attempt.runs.map((run) => ended.runs[run]?.outcome)).toEqual(['context-full', 'completed']);
    const packets = value(await world.operations.goals.packets({ goal, attempt: attempt.id }, undefined));
    expect(packets).toMatchObject([{ from: attempt.agent, to: attempt.agent, cause: 'context' }]);
    const packet = present(packets[0]);
    expect(packet.tokens).toBeLessThanOrEqual(6_000);
    expect(packet.text).toContain('set the margins.');
    expect(packet.text).toContain('added step0.md (+1 -0)');
    expect(promptOf(present(firsts[1]))).toContain('# Next, as its predecessor said');
    const asked = world.model.requests.map(lastOf).find((said) => said.includes('said and done before you'));
    expect(asked).toContain('set the margins');
  });

  test('the CEO drags a running task onto another agent, who goes on in the same workspace', async () => {
    world = await openWorld('reassign', {
      model: async (request) => {
        if (!request.tools?.length) return { blocks: [say('A title')] };
        if (nameOf(request) === 'Worker 2') return acting([(to) => write(to, 'work.md', 'done\n'), done()])(request);
        if (turnsOf(request) === 0) return { blocks: [write(request, 'half.md', 'half\n')] };
        if (turnsOf(request) === 1) return { blocks: [aios('report_progress', { note: 'Half.' })] };
        return { hang: true };
      },
    });
    const { goal, task, agents } = await board(world);
    await waitFor(world.operations, goal, (now) => now.tasks[task]?.attempts[0] && attemptOf(now, task).note);
    const [first = '', second = ''] = agents;
    const shown = value(await world.operations.plan.preview({ goal, task, agent: second }, undefined));
    expect(shown).toMatchObject({ refusal: null, handsOver: 'Worker 1' });
    const command = 'cmd_reassign_1';
    const assignee = { kind: 'agent' as const, agent: second };
    value(await world.operations.plan.assign({ goal, task, assignee, command }, undefined));
    value(await world.operations.plan.assign({ goal, task, assignee, command }, undefined));
    const ended = await ready(world.operations, goal, 120_000);
    const attempt = attemptOf(ended, task);
    expect(attempt).toMatchObject({
      number: 1,
      agent: second,
      trail: { handoffs: [{ cause: 'reassigned', from: first }] },
    });
    expect(Object.values(ended.items)).toHaveLength(0);
    const { diff } = value(await world.operations.goals.diff({ goal, attempt: attempt.id }, undefined));
    expect(diff).toContain('half.md');
  });

  test('a workspace and a session that are deleted while the agent waits are made again, and it goes on', async () => {
    world = await openWorld('restore', {
      model: acting([
        (to) => write(to, 'half.md', 'half\n'),
        aios('ask_ceo', { question: 'Which colour?' }),
        shell('cat README.md'),
        (to) => write(to, 'work.md', 'done\n'),
        done(),
      ]),
    });
    const { goal, task } = await board(world);
    const item = await waitFor(world.operations, goal, (now) => openItem(now, 'question'));
    const waiting = await waitFor(world.operations, goal, (now) =>
      Object.values(now.runs).every((run) => run.status === 'ended') ? attemptOf(now, task) : null,
    );
    // As if the data folder had come to another machine without what is not in the journal and the object store.
    await world.orchestrator.stop();
    await rm(join(world.home, 'workspaces'), { recursive: true });
    await rm(join(world.home, 'homes'), { recursive: true });
    await world.restart();
    value(await world.operations.goals.answer({ goal, item: item.id, answer: 'reply', text: 'Blue.' }, undefined));
    const ended = await ready(world.operations, goal, 120_000);
    const attempt = attemptOf(ended, task);
    expect(attempt).toMatchObject({ number: 1, session: waiting.session, trail: { handoffs: [] } });
    expect(attempt.trail.restored).toBe(attempt.runs.at(-1));
    const { diff } = value(await world.operations.goals.diff({ goal, attempt: attempt.id }, undefined));
    expect(diff).toContain('half.md');
    // The session goes on: the answer reached the conversation that asked.
    expect(world.model.requests.some((request) => turnsOf(request) > 1 && lastOf(request).includes('Blue.'))).toBe(
      true,
    );
  });

  test('an orchestrator that ends between a handoff and its successor’s start makes exactly one successor', async () => {
    const prompts: string[] = [];
    world = await openWorld('once', {
      model: async (request) => {
        if (!request.tools?.length) return { blocks: [say('A title')] };
        if (nameOf(request) !== 'Worker 2')
          return turnsOf(request) === 0 ? { blocks: [write(request, 'half.md', 'half\n')] } : { hang: true };
        if (turnsOf(request) === 0) prompts.push(promptOf(request));
        return acting([(to) => write(to, 'work.md', 'done\n'), done()])(request);
      },
    });
    const { goal, task, agents } = await board(world);
    await world.model.seen((request) => turnsOf(request) === 1);
    const assignee = { kind: 'agent' as const, agent: agents[1] ?? '' };
    value(await world.operations.plan.assign({ goal, task, assignee }, undefined));
    await world.restart();
    const ended = await ready(world.operations, goal, 120_000);
    const attempt = attemptOf(ended, task);
    expect(attempt.trail.handoffs).toHaveLength(1);
    expect(attempt).toMatchObject({ number: 1, agent: agents[1] });
    expect(new Set(prompts).size).toBe(1);
    const history = value(await world.operations.feed.history({ goal }, undefined)).events;
    expect(history.filter((event) => event.type === 'attempt.handed-over')).toHaveLength(1);
  });
});
