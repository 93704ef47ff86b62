import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { killWorker } from '#main/cli/rehearse/kill.ts';
import { openStage, type Stage, type StageOptions } from '#main/cli/rehearse/stage.ts';
import type { Negotiation } from '#protocol/model/conversation/negotiation.ts';
import type { GoalEvent } from '#protocol/model/goal/event.ts';
import type { Answer } from '#protocol/model/goal/parts.ts';
import type { Attempt, Goal, Item, Task } from '#protocol/model/goal/state.ts';
import { leftBehind } from '../rehearsals/play.ts';
import { present, RESOURCES, ready, temporary, textsIn, value, waitFor } from './kit.ts';

const run = promisify(execFile);
const WITHIN_MS = 300_000;
let stage: Stage | undefined;
let folder: string | undefined;
afterEach(async () => {
  await stage?.close();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  stage = undefined;
  folder = undefined;
});

async function open(options: Partial<StageOptions> = {}): Promise<Stage> {
  folder ??= temporary('service');
  const base = { home: folder, upstreams: [], executable: null, agentCap: 4, resources: RESOURCES };
  stage = value(await openStage(base, { script: 'service', seed: '1', latency: { min: 0, max: 30 }, ...options }));
  return stage;
}

async function eventsOf({ orchestrator, goal }: Stage): Promise<GoalEvent[]> {
  const events: GoalEvent[] = [];
  for (let after = 0; ; ) {
    const page = value(await orchestrator.operations.feed.history({ goal, after, limit: 2_000 }, undefined));
    events.push(...page.events.map((event) => ({ type: event.type, ...(event.data as object) }) as GoalEvent));
    const last = page.events.at(-1)?.sequence ?? after;
    if (page.events.length === 0 || last === after) return events;
    after = last;
  }
}

async function negotiationsOf({ orchestrator, goal }: Stage): Promise<readonly Negotiation[]> {
  return value(await orchestrator.operations.messages.negotiations({ goal }, undefined));
}

/** How many negotiations ended how. */
function outcomesOf(negotiations: readonly Negotiation[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { ended } of negotiations) counts[ended?.outcome ?? 'open'] = (counts[ended?.outcome ?? 'open'] ?? 0) + 1;
  return counts;
}

/** Pairs of work that could not be merged together, seen while neither was merged or on its way. */
function seenEarly(events: readonly GoalEvent[]): Set<string> {
  const met = new Set<string>();
  const early = new Set<string>();
  for (const event of events) {
    if (event.type === 'check.ended' || event.type === 'merge.ordered') met.add(event.attempt);
    if (event.type !== 'collision.seen' || event.kind !== 'conflict' || event.attempts.length < 2) continue;
    if (!event.attempts.some((attempt) => met.has(attempt))) early.add(event.collision);
  }
  return early;
}

/** Waits until somebody works at a task; its attempt. */
async function working({ orchestrator, goal }: Stage, title: string): Promise<Attempt> {
  const { operations } = orchestrator;
  let texts: Readonly<Record<string, string>> = {};
  const named = (task: Task | undefined) => task?.kind === 'work' && texts[task.title.id] === title;
  await waitFor(operations, goal, (now) => Object.keys(now.tasks).length > 10, WITHIN_MS);
  texts = await textsIn(operations);
  return waitFor(
    operations,
    goal,
    (now) =>
      Object.values(now.attempts).find(
        (each) => now.runs[each.runs.at(-1) ?? '']?.status === 'running' && named(now.tasks[each.task]),
      ),
    WITHIN_MS,
  );
}

/** Accepts, and runs the product's own tests where it was brought to. */
async function endsRight(at: Stage, ended: Goal): Promise<void> {
  const planned = Object.values(ended.tasks).filter((task) => task.kind === 'work' || task.kind === 'gate');
  expect(planned.length).toBeGreaterThanOrEqual(16);
  expect(planned.every((task) => task.status === 'done')).toBe(true);
  const { operations } = at.orchestrator;
  expect(value(await operations.goals.accept({ goal: at.goal }, undefined)).result).toBe('accepted');
  expect((await run('npm', ['test'], { cwd: at.app })).stdout).toContain('# fail 0');
  await run(process.execPath, [join(RESOURCES, 'rehearsals', 'service.acceptance.mjs')], { cwd: at.app });
}

test('five agents build a service from one sentence, whatever goes wrong between them, without their CEO', async () => {
  const start = performance.now();
  const at = await open();
  const { operations } = at.orchestrator;
  const ended = await ready(operations, at.goal, WITHIN_MS);
  const events = await eventsOf(at);
  console.info(`service rehearsal: ${((performance.now() - start) / 1_000).toFixed(1)} s, ${events.length} events`);

  const roleOf = (attempt: string) => ended.agents[ended.attempts[attempt]?.agent ?? '']?.role ?? '';
  const workers = Object.values(ended.attempts).map((attempt) => roleOf(attempt.id));
  expect(new Set(workers).size).toBe(5);
  expect(Object.values(ended.tasks).filter((task) => task.kind === 'work').length).toBeGreaterThanOrEqual(12);

  const negotiations = await negotiationsOf(at);
  expect(outcomesOf(negotiations)).toEqual({ agreed: 2, decided: 1 });
  const arbiter = negotiations.find((each) => each.arbitration !== null)?.ended?.by ?? '';
  expect(ended.agents[arbiter]?.role).toBe('backend');

  expect(seenEarly(events).size).toBeGreaterThanOrEqual(2);
  expect(Object.values(ended.runs).filter((each) => each.reason === 'conflict')).toHaveLength(1);
  const semantic = events.flatMap((each) =>
    each.type === 'collision.seen' && each.kind === 'semantic' ? [each.attempts.map(roleOf).toSorted()] : [],
  );
  expect(semantic).toEqual([['backend', 'qa']]);

  const handoffs = Object.values(ended.attempts).flatMap((attempt) => attempt.trail.handoffs);
  expect(handoffs.map(({ cause }) => cause)).toEqual(['crash']);
  const stopped = Object.values(ended.interventions).flat();
  expect(stopped.filter((each) => each.guard === 'loop' && each.action === 'interrupted')).toHaveLength(1);
  expect(Object.values(ended.runs).filter((each) => each.reason === 'reviewed')).toHaveLength(1);

  // Nothing was asked of the CEO, nothing was answered by them, and nothing was left to them.
  expect(Object.values(ended.items)).toEqual([]);
  const theirs = events.filter((each) => 'by' in each && each.by === 'ceo');
  // Stating the goal is what orders the Lead to plan it.
  expect(theirs.map((each) => (each.type === 'task.added' ? each.kind : each.type))).toEqual(['plan']);
  await endsRight(at, ended);
  await at.orchestrator.stop();
  expect(leftBehind(dirname(at.home))).toEqual([]);
}, 400_000);

const ANSWERS: Readonly<Record<string, Answer>> = { plan: 'allow', gate: 'allow', approval: 'allow-always' };

/** Answers whatever is asked until the goal is ready; what was asked, by kind. */
async function approving({ orchestrator, goal }: Stage): Promise<string[]> {
  const { operations } = orchestrator;
  const asked = new Map<string, string>();
  for (;;) {
    const now = await waitFor(
      operations,
      goal,
      (each) => (each.status === 'ready' || nextOf(each, asked) !== undefined ? each : null),
      WITHIN_MS,
    );
    const item = nextOf(now, asked);
    if (item === undefined) return [...asked.values()];
    asked.set(item.id, item.kind);
    const answer = present(ANSWERS[item.kind], `an answer to ${item.kind}`);
    value(await operations.goals.answer({ goal, item: item.id, answer, text: '' }, undefined));
  }
}

function nextOf(goal: Goal, asked: ReadonlyMap<string, string>): Item | undefined {
  return Object.values(goal.items).find((item) => item.closed === null && !asked.has(item.id));
}

test('with approvals on, the CEO allows the plan, every command and a gate, and it ends the same', async () => {
  folder = temporary('service');
  const crew = join(folder, 'asking.yaml');
  const shipped = await readFile(join(RESOURCES, 'crews', 'default.yaml'), 'utf8');
  await writeFile(crew, shipped.replace(/commands: \[.*\]/g, 'commands: []'));
  const at = await open({
    mode: 'ask',
    crew,
    alter: (script) =>
      JSON.parse(
        JSON.stringify(script)
          .replace('{"on":"check","command":"npm test"}', '{"on":"approval"}')
          // The verify command needs no leave; any other does.
          .replaceAll('"command":"npm test"', '"command":"node --test --test-reporter=tap"'),
      ),
  });
  const asked = await approving(at);
  expect(asked.filter((kind) => kind === 'plan')).toHaveLength(1);
  expect(asked.filter((kind) => kind === 'gate')).toHaveLength(1);
  // One command each for Backend, Frontend and QA: what is allowed for good is not asked again.
  expect(asked.filter((kind) => kind === 'approval')).toHaveLength(3);
  const ended = await ready(at.orchestrator.operations, at.goal, WITHIN_MS);
  expect(outcomesOf(await negotiationsOf(at))).toEqual({ agreed: 2, decided: 1 });
  await endsRight(at, ended);
}, 400_000);

/** Waits until a call that names a file has been answered, as the transcript tells. */
async function hasTouched({ orchestrator }: Stage, attempt: Attempt, file: string): Promise<void> {
  const { operations } = orchestrator;
  const results = async () => {
    const runs = attempt.runs.map(async (id) => value(await operations.feed.transcript({ run: id }, undefined)));
    const said = (await Promise.all(runs)).flat().map(({ event }) => event);
    const asked = said.flatMap((each) =>
      each.type === 'tool-call' && each.input.includes(file) ? [each.toolUseId] : [],
    );
    return said.some((each) => each.type === 'tool-result' && asked.includes(each.toolUseId));
  };
  await expect.poll(results, { timeout: 60_000, interval: 50 }).toBe(true);
}

const CUT_OFF_MS = 4_000;

test('sabotaged while it runs (an endpoint cut, a process killed, a file edited under an agent) it still ends right', async () => {
  const at = await open({
    // It thinks long enough for somebody to change the file that it has read.
    alter: (script) => {
      const { devops } = script.roles;
      const rules = devops?.rules.map((rule) =>
        rule.name === 'release-edit'
          ? { ...rule, misbehave: { kind: 'slow' as const, msPerChunk: 400, times: 1 } }
          : rule,
      );
      return { ...script, roles: { ...script.roles, devops: { match: devops?.match ?? '', rules: rules ?? [] } } };
    },
  });
  const { operations } = at.orchestrator;
  await working(at, 'Serve links over HTTP');
  at.model.reachable(false);
  setTimeout(() => at.model.reachable(true), CUT_OFF_MS);

  const tested = await working(at, 'Test the service end to end');
  await hasTouched(at, tested, 'service.test.js');
  await killWorker(operations, 'qa');

  const released = await working(at, 'Release notes');
  await hasTouched(at, released, 'CHANGELOG.md');
  const changelog = join(present(released.workspace), 'CHANGELOG.md');
  await writeFile(changelog, `${await readFile(changelog, 'utf8')}\nWritten by somebody else.\n`);

  const ended = await ready(operations, at.goal, WITHIN_MS);
  const ends = Object.values(ended.runs).filter((each) => each.attempt === tested.id);
  expect(ends.length).toBeGreaterThanOrEqual(2);
  await endsRight(at, ended);
  expect(await readFile(join(at.app, 'CHANGELOG.md'), 'utf8')).toMatch(/1\.0\.0[\s\S]*Written by somebody else/);
}, 400_000);
