import { describe, expect, it } from 'vitest';
import { goalEvent } from '#protocol/model/goal/event.ts';
import type { Attempt } from '#protocol/model/goal/state.ts';
import type { GoalCommand } from './command.ts';
import {
  AGENTS,
  attemptOf,
  type Bench,
  bench,
  check,
  endRun,
  LIMITS,
  planned,
  runOf,
  start,
  stated,
  taskOf,
  work,
} from './test-kit.ts';

const PLAN = 'Plan the goal';
const titled = (on: Bench, key: string) => taskOf(on, `Title of ${key}`);
const first = (on: Bench): Attempt => attemptOf(on, titled(on, 'one'));
const lastRun = (on: Bench) => on.goal().runs[first(on).runs.at(-1) ?? ''];

/** A goal whose one task is being worked on. */
function working(agents = AGENTS, tasks = [planned('one')]): Bench {
  const on = bench();
  on.do(stated({ agents }));
  const plan = Object.values(on.goal().tasks).find((task) => task.kind === 'plan');
  if (!plan) throw new Error(`no ${PLAN}`);
  const run = start(on, plan);
  on.do({ type: 'propose-plan', run, tasks });
  on.do({ type: 'claim', run, claim: 'done', summary: 's' });
  endRun(on, plan, 'completed');
  start(on, titled(on, 'one'));
  return on;
}

const handOver = (on: Bench) => on.do({ type: 'hand-over', attempt: first(on).id, packet: 'The packet' });
const end = (on: Bench, outcome: Extract<GoalCommand, { type: 'run-ended' }>['outcome'], full = false) =>
  on.do({ type: 'run-ended', run: runOf(on, titled(on, 'one')), outcome, detail: 'why', usage: null, full });
const give = (on: Bench, agent: string) =>
  on.do({ type: 'assign', task: titled(on, 'one').id, assignee: { kind: 'agent', agent }, by: 'ceo' });
const crashAll = (on: Bench) => {
  for (let count = 0; count <= LIMITS.recoveries; count += 1) {
    on.do({ type: 'run-started', run: runOf(on, titled(on, 'one')) });
    end(on, 'crashed');
  }
};
const tag = (decided: ReturnType<Bench['do']>) => (decided.kind === 'refused' ? decided.fault.tag : 'ok');
const solo = AGENTS.filter((agent) => agent.id !== 'bob');

describe('succession', () => {
  it('hands a crashing agent’s work to a free colleague, in the same attempt, in a fresh session', () => {
    const on = working();
    const { id, agent, session } = first(on);
    crashAll(on);
    const other = agent === 'ann' ? 'bob' : 'ann';
    expect(first(on)).toMatchObject({ id, agent: other, recoveries: 0, wait: { cause: 'handoff' } });
    handOver(on);
    expect(first(on).session).not.toBe(session);
    expect(lastRun(on)).toMatchObject({ reason: 'succeeded', resume: false, agent: other, status: 'ordered' });
    expect(first(on).trail.handoffs).toMatchObject([{ from: agent, to: other, cause: 'crash' }]);
    expect(first(on).trail.failures).toHaveLength(LIMITS.recoveries + 1);
    // The colleague crashes as well: there is nobody who has not tried.
    crashAll(on);
    expect(on.goal().attempts[id]).toMatchObject({ status: 'failed' });
  });

  it('goes on when the packet is there, and not because time went by', () => {
    const on = working();
    crashAll(on);
    const { id, wait } = first(on);
    const before = on.goal();
    on.do({ type: 'wait-due', attempt: id, since: wait?.since ?? 0 });
    expect(on.goal()).toBe(before);
    handOver(on);
    expect(lastRun(on)).toMatchObject({ reason: 'succeeded' });
  });

  it('gives an agent without a colleague one fresh session, then fails the attempt', () => {
    const on = working(solo);
    const { id } = first(on);
    crashAll(on);
    handOver(on);
    expect(lastRun(on)).toMatchObject({ reason: 'succeeded', agent: 'ann', resume: false });
    crashAll(on);
    expect(on.goal().attempts[id]).toMatchObject({ status: 'failed', cause: 'its process kept dying' });
  });

  it('makes one successor of one handoff, however often it is told', () => {
    const on = working(solo);
    end(on, 'context-full', true);
    handOver(on);
    const runs = first(on).runs.length;
    handOver(on);
    expect(first(on).runs).toHaveLength(runs);
    expect(on.events.filter(({ event }) => event.type === 'attempt.handed-over')).toHaveLength(1);
    // Its run is lost with the orchestrator before it came up: it is a successor's first run again.
    end(on, 'lost');
    expect(lastRun(on)).toMatchObject({ reason: 'succeeded', resume: false });
  });

  it('lets an agent go on with its own in a fresh session before it begins what is handed to it meanwhile', () => {
    const on = working(AGENTS, [planned('one'), planned('two')]);
    start(on, titled(on, 'two'));
    const own = first(on).agent;
    const other = attemptOf(on, titled(on, 'two'));
    end(on, 'context-full', true);
    on.do({ type: 'assign', task: other.task, assignee: { kind: 'agent', agent: own }, by: 'ceo' });
    on.do({ type: 'hand-over', attempt: other.id, packet: 'The packet of the other' });
    handOver(on);
    expect(lastRun(on)).toMatchObject({ reason: 'succeeded', agent: own, status: 'ordered' });
    expect(on.goal().attempts[other.id]).toMatchObject({ agent: own, status: 'waiting', wait: { cause: 'handoff' } });
  });

  it('succeeds a full session by a fresh one of the same agent, also where a check sends the work back', () => {
    const on = working(solo);
    on.do({ type: 'claim', run: runOf(on, titled(on, 'one')), claim: 'done', summary: 's' });
    end(on, 'completed', true);
    check(on, titled(on, 'one'), 'failed');
    expect(first(on)).toMatchObject({ agent: 'ann', fixes: 0, wait: { cause: 'handoff' } });
    handOver(on);
    expect(first(on)).toMatchObject({ fixes: 1, trail: { full: false } });
    expect(lastRun(on)).toMatchObject({ reason: 'check-failed', resume: false });
  });

  it('asks the CEO about a task that fills one session after the other', () => {
    const on = working(solo);
    for (let count = 0; count < 10; count += 1) {
      end(on, 'context-full', true);
      handOver(on);
      on.do({ type: 'run-started', run: runOf(on, titled(on, 'one')) });
    }
    end(on, 'context-full', true);
    const item = Object.values(on.goal().items).find((each) => each.closed === null);
    expect(item?.kind).toBe('stuck');
    on.do({ type: 'answer', item: item?.id ?? '', answer: 'retry', text: '', by: 'ceo' });
    expect(first(on)).toMatchObject({ status: 'waiting', wait: { cause: 'handoff' } });
  });

  it('hands a running task to the agent the CEO gives it to; the run before says nothing any more', () => {
    const on = working();
    const before = runOf(on, titled(on, 'one'));
    const { agent, workspace, id } = first(on);
    const other = agent === 'ann' ? 'bob' : 'ann';
    expect(give(on, other).kind).toBe('events');
    expect(on.events.map(({ event }) => event.type).slice(-3)).toContain('run.interrupt-ordered');
    expect(tag(on.do({ type: 'claim', run: before, claim: 'done', summary: 's' }))).toBe('fenced');
    on.do({ type: 'run-ended', run: before, outcome: 'interrupted', detail: '', usage: null });
    expect(Object.values(on.goal().items).filter((item) => item.closed === null)).toHaveLength(0);
    handOver(on);
    expect(first(on)).toMatchObject({ id, agent: other, workspace, status: 'queued' });
    expect(titled(on, 'one').assignee).toEqual({ kind: 'agent', agent: other });
  });

  it('lets a successor that has other work begin when that is over', () => {
    const on = working(AGENTS, [planned('one'), planned('two')]);
    const { agent } = attemptOf(on, titled(on, 'two'));
    start(on, titled(on, 'two'));
    give(on, agent);
    handOver(on);
    expect(first(on)).toMatchObject({ status: 'waiting', agent });
    on.do({ type: 'cancel-task', task: titled(on, 'two').id, by: 'ceo' });
    expect(first(on)).toMatchObject({ status: 'queued', agent });
  });

  it('begins anew where nobody had begun, and refuses while the work is checked', () => {
    const on = working();
    work(on, titled(on, 'one'));
    const { agent } = first(on);
    expect(tag(give(on, agent === 'ann' ? 'bob' : 'ann'))).toBe('not-now');
    const early = working(AGENTS, [planned('one'), planned('two')]);
    const two = attemptOf(early, titled(early, 'two'));
    early.do({
      type: 'assign',
      task: two.task,
      assignee: { kind: 'agent', agent: two.agent === 'ann' ? 'bob' : 'ann' },
      by: 'ceo',
    });
    expect(early.goal().attempts[two.id]).toMatchObject({ status: 'cancelled' });
  });

  it('fails over to another model of the role when the CEO says so, and says when there is none', () => {
    const asked = (on: Bench) => {
      end(on, 'login');
      const item = Object.values(on.goal().items).find((each) => each.kind === 'login');
      return on.do({ type: 'answer', item: item?.id ?? '', answer: 'failover', text: '', by: 'ceo' });
    };
    expect(tag(asked(working()))).toBe('nobody-else');
    const on = working(AGENTS.map((agent) => (agent.id === 'bob' ? { ...agent, model: 'other' } : agent)));
    const { agent } = first(on);
    asked(on);
    expect(first(on)).toMatchObject({
      agent: agent === 'ann' ? 'bob' : 'ann',
      trail: { handoffs: [{ cause: 'failover' }] },
    });
  });

  it('goes on in a fresh session where the old one is lost, and says when that was by a move', () => {
    const on = working(solo);
    on.do({ type: 'restored', run: runOf(on, titled(on, 'one')), workspace: '/elsewhere' });
    end(on, 'session-lost');
    expect(first(on)).toMatchObject({
      workspace: '/elsewhere',
      trail: { handoffs: [{ cause: 'moved', from: 'ann' }] },
    });
    handOver(on);
    expect(first(on).recoveries).toBe(1);
  });

  it('reads the end of a run from before sessions could be full', () => {
    const old = { type: 'run.ended', run: 'r', attempt: 'a', outcome: 'completed', detail: null, usage: null };
    expect(goalEvent.parse(old)).toMatchObject({ full: false });
  });
});
