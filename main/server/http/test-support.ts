import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AsyncIteratorClass } from '@orpc/server';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { Operations } from '#main/server/operations.ts';
import type { FeedMessage, NumberedEvent, Snapshot } from '#protocol/contract/feed.ts';
import { contract } from '#protocol/contract/index.ts';
import { briefOf } from '#protocol/model/brief.ts';
import type { BudgetEvent } from '#protocol/model/budget/event.ts';
import type { ConversationEvent } from '#protocol/model/conversation/event.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { GoalEvent } from '#protocol/model/goal/event.ts';
import { emptySnapshot } from '#protocol/model/snapshot.ts';
import { applyEvents, type World, worldOf } from '#protocol/model/world.ts';
import { createHttpServer, type HttpServerParts } from './server.ts';

/** An orchestrator small enough to read: it keeps events, answers from them, and records what it was asked. */
export interface FakeOrchestrator {
  readonly operations: Operations;
  readonly calls: Array<{ readonly name: string; readonly input: unknown }>;
  publish(stream: string, data: GoalEvent | BudgetEvent | ConversationEvent, texts?: Record<string, string>): void;
  snapshot(): Snapshot;
  /** Makes the next call of this name fail. */
  fail(name: string, fault: Fault): void;
  /** Watchers that are connected now. */
  readonly watchers: number;
}

/** The envelope of a message that says nothing special. */
export const PLAIN = { address: '', priority: 'normal', sensitivity: 'internal', negotiation: null } as const;

const NOT_HERE: Fault = { tag: 'not-here', what: 'Not in this fake.', why: 'No test needs it.', next: 'Add it.' };

/** Operations of an area that no test of the server calls. */
function absent<A extends keyof Operations>(area: A): Operations[A] {
  const refusals = Object.keys(contract[area]).map((name) => [name, async () => err(NOT_HERE)]);
  return Object.fromEntries(refusals) as Operations[A];
}

/** Most events in one message, as the orchestrator has it. */
const MOST_AT_ONCE = 500;

async function* follow(
  after: number,
  events: readonly NumberedEvent[],
  wakers: Set<() => void>,
  signal: AbortSignal | undefined,
): AsyncGenerator<FeedMessage> {
  let sent = after;
  if (after > events.length) yield { kind: 'gap' };
  let wake = () => {};
  const waker = () => wake();
  wakers.add(waker);
  try {
    while (signal?.aborted !== true) {
      const fresh = events.slice(sent, sent + MOST_AT_ONCE);
      if (fresh.length > 0) {
        sent = fresh.at(-1)?.sequence ?? sent;
        yield { kind: 'events', events: fresh };
      } else
        await new Promise<void>((resolve) => {
          wake = resolve;
          signal?.addEventListener('abort', () => resolve(), { once: true });
        });
    }
  } finally {
    wakers.delete(waker);
  }
}

/** The iterator class the contract's types name. */
function asIterator(source: AsyncGenerator<FeedMessage>): AsyncIteratorClass<FeedMessage, unknown, void> {
  return new AsyncIteratorClass(
    () => source.next(),
    async () => void source.return(undefined),
  );
}

/** See {@link FakeOrchestrator}. */
export function createFake(now: () => number = Date.now): FakeOrchestrator {
  const events: NumberedEvent[] = [];
  const calls: FakeOrchestrator['calls'] = [];
  const wakers = new Set<() => void>();
  const failures = new Map<string, Fault>();
  let known: World = worldOf(emptySnapshot());
  /** Taken in when somebody asks: tests publish by the thousand. */
  const stateNow = () => {
    known = applyEvents(known, events.slice(known.sequence));
    return known;
  };
  const publish: FakeOrchestrator['publish'] = (stream, { type, ...data }, texts = {}) => {
    const sequence = events.length + 1;
    const event = { sequence, id: `e${sequence}`, stream, type, at: now(), epoch: 1, data, texts };
    events.push(event);
    for (const wake of wakers) wake();
  };
  const noted = async <T>(name: string, input: unknown, value: () => T): Promise<Result<T, Fault>> => {
    calls.push({ name, input });
    const fault = failures.get(name);
    failures.delete(name);
    return fault ? err(fault) : ok(value());
  };
  const plain = (name: string) => (input: unknown) => noted(name, input, () => ({ sequence: events.length }));
  const snapshot = (): Snapshot => {
    const state = stateNow();
    return {
      ...state,
      epoch: 1,
      goals: Object.values(state.goals),
      conversations: Object.values(state.conversations),
      projects: Object.values(state.projects),
      layouts: Object.values(state.layouts),
      decisions: Object.values(state.decisions),
    };
  };
  const briefNow = () =>
    briefOf({ goals: snapshot().goals, events, spent: new Map(), since: now() - 86_400_000, until: now() });
  const operations: Operations = {
    system: {
      info: () =>
        noted('info', null, () => ({
          version: '0.1.0',
          epoch: 1,
          pid: process.pid,
          home: '/nowhere',
          startedAt: now(),
          profile: 'embedded',
          agents: { running: 1, waiting: 0, cap: 4 },
          upstreams: [],
          loopDelayP99Ms: 1,
          residentBytes: 1,
          problems: [],
        })),
      doctor: () => noted('doctor', null, () => []),
      shutdown: () => noted('shutdown', null, () => ({ stopping: true })),
    },
    projects: {
      inspect: (input) =>
        noted('inspect', input, () => ({
          project: 'p1',
          path: input.path,
          branch: 'main',
          head: 'abc',
          warnings: [],
          commands: { setup: null, verify: 'npm test', source: 'package.json' },
          trust: {
            digest: 'd1',
            trusted: !input.path.includes('untrusted'),
            items: [{ kind: 'command', path: 'package.json', summary: 'npm test' }],
          },
        })),
      list: () => noted('projects.list', null, () => []),
      trust: plain('trust'),
      setCommands: plain('setCommands'),
    },
    goals: {
      ...absent('goals'),
      brief: (input) => noted('brief', input, () => ({ ...briefNow(), texts: stateNow().texts })),
      state: (input) =>
        noted('state', input, () => {
          publish('goal/goal_1', statedGoal(input.path), { t: input.text });
          return { goal: 'goal_1', sequence: events.length };
        }),
      list: () => noted('list', null, () => [...snapshot().goals]),
      stop: (input) =>
        noted('stop', input, () => {
          if (stateNow().goals[input.goal]) publish(`goal/${input.goal}`, { type: 'goal.stopped', by: 'ceo' });
          return { sequence: events.length };
        }),
      pause: plain('pause'),
      continue: plain('continue'),
      approvePlan: plain('approvePlan'),
      setCap: plain('setCap'),
      addTask: plain('addTask'),
      cancelTask: plain('cancelTask'),
      retryTask: plain('retryTask'),
      answer: plain('answer'),
      interrupt: plain('interrupt'),
      resume: plain('resume'),
      accept: (input) => noted('accept', input, () => ({ result: 'accepted' as const, detail: '', commit: 'abc' })),
      message: (input) => noted('message', input, () => ({ message: 'm1' })),
      packets: (input) => noted('packets', input, () => []),
      diff: (input) => noted('diff', input, () => ({ diff: '', truncated: false })),
    },
    messages: absent('messages'),
    plan: {
      ...absent('plan'),
      file: (input) => noted('plan.file', input, () => ({ path: 'plans/x.yaml', text: PLAN_TEXT })),
      compareFile: (input) =>
        noted('compareFile', input, () => ({ lines: input.text === PLAN_TEXT ? [] : ['+ Write it', '- Read it'] })),
      applyFile: plain('applyFile'),
      signal: plain('signal'),
    },
    review: absent('review'),
    terminal: absent('terminal'),
    settings: absent('settings'),
    setup: absent('setup'),
    feed: {
      snapshot: () => noted('snapshot', null, snapshot),
      watch: (input, signal) => noted('watch', input, () => asIterator(follow(input.after, events, wakers, signal))),
      transcript: (input) => noted('transcript', input, () => []),
      followTranscript: () => Promise.resolve(err(NOT_HERE)),
      history: (input) =>
        noted('history', input, () => ({
          events: events.filter(({ sequence }) => sequence > (input.after ?? 0)),
          more: false,
        })),
      text: (input) => noted('text', input, () => ({ text: stateNow().texts[input.id] ?? '' })),
    },
  };
  return {
    operations,
    calls,
    publish,
    snapshot,
    fail: (name, fault) => failures.set(name, fault),
    get watchers() {
      return wakers.size;
    },
  };
}

/** The plan file of every goal of the fake. */
export const PLAN_TEXT = 'nodes: []\n';

/** The first event of a goal with one agent. */
export function statedGoal(project: string): Extract<GoalEvent, { type: 'goal.stated' }> {
  const ref = { id: 't', hash: 'h' };
  return {
    type: 'goal.stated',
    project,
    text: ref,
    mode: 'go',
    upstream: 'default',
    ledger: 'real',
    branch: 'aios/1',
    base: 'abc',
    target: 'main',
    crew: ref,
    agents: [{ id: 'agent_1', name: 'Ada', role: 'backend', driver: 'claude-code', model: 'default', lead: false }],
    limits: {
      attempts: 2,
      fixes: 2,
      nudges: 1,
      recoveries: 2,
      turns: 50,
      minutes: 30,
      goalNanos: 5e9,
      runNanos: 1e9,
      tasks: 20,
    },
    solo: 'agent_1',
    board: false,
    onCollision: 'warn',
    forkedFrom: null,
  };
}

/** A fault for tests. */
export const TEST_FAULT = faultOf('test-fault', 'It failed.', 'The test said so.', 'Nothing.');

/** A listening server over a fake, in a folder of its own. */
export async function serveFake(fake: FakeOrchestrator, extra: Partial<HttpServerParts> = {}) {
  const home = await mkdtemp(join(tmpdir(), 'aios-http-'));
  const server = createHttpServer({
    operations: fake.operations,
    home,
    renderer: null,
    version: '0.1.0',
    now: Date.now,
    mcp: async (_, response) => {
      response.writeHead(401).end();
    },
    ...extra,
  });
  const served = await server.listen(0);
  if (!served.ok) throw new Error(served.error.what);
  const close = async () => {
    await server.close();
    await rm(home, { recursive: true, force: true });
  };
  return { ...served.value, home, server, port: Number(new URL(served.value.origin).port), close };
}
