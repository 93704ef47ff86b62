import { describe, expect, it } from 'vitest';
import { goalEvent } from '#protocol/model/goal/event.ts';
import { guardName } from '#protocol/model/goal/guard.ts';
import { describeIntervention, KEPT_INTERVENTIONS } from '#protocol/model/goal/interventions.ts';
import type { Intervene } from './command.ts';
import { MOST_DELEGATED, MOST_DEPTH } from './delegation.ts';
import {
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

/** A goal of one agent at work. */
function solo(limits = LIMITS): { on: Bench; run: string; title: string } {
  const on = bench();
  on.do(stated({ solo: 'ann', limits }));
  const title = 'Make it so';
  return { on, run: start(on, taskOf(on, title)), title };
}

const step = (on: Bench, over: Partial<Intervene> = {}) => {
  const attempt = Object.values(on.goal().attempts)[0];
  return on.do({
    type: 'intervene',
    guard: 'loop',
    action: 'interrupted',
    attempt: attempt?.id ?? '',
    run: attempt?.runs.at(-1) ?? '',
    evidence: 'The same call came 7 times.',
    ...over,
  });
};

const did = (on: Bench) =>
  on.events.flatMap(({ event }) =>
    event.type === 'guard.intervened' ? [`${event.guard} ${event.action}: ${on.texts.get(event.evidence.id)}`] : [],
  );

describe('a guard that steps in', () => {
  it('tells, which changes nothing else; then stops the run, and the CEO is asked with the evidence', () => {
    const { on, title } = solo();
    step(on, { action: 'noticed' });
    expect(attemptOf(on, taskOf(on, title)).status).toBe('running');
    step(on);
    expect(on.events.at(-1)?.event).toMatchObject({ type: 'run.interrupt-ordered', by: 'system' });
    endRun(on, taskOf(on, title), 'interrupted');
    const attempt = attemptOf(on, taskOf(on, title));
    const item = on.goal().items[attempt.wait?.on ?? ''];
    expect(attempt).toMatchObject({ status: 'waiting', wait: { cause: 'stuck', owner: 'ceo' } });
    expect(on.texts.get(item?.title.id ?? '')).toContain('repeats itself');
    expect(on.texts.get(item?.detail?.id ?? '')).toBe('The same call came 7 times.');
    expect(on.goal().interventions[attempt.id]?.map(describeIntervention)).toEqual([
      'was told: repetition',
      'was stopped: repetition',
    ]);
    on.do({ type: 'answer', item: item?.id ?? '', answer: 'reply', text: 'Try b.', by: 'ceo' });
    expect(attemptOf(on, taskOf(on, title)).status).toBe('queued');
    endRun(on, taskOf(on, title), 'interrupted');
    expect(attemptOf(on, taskOf(on, title)).wait?.cause).toBe('interrupted');
  });

  it('lets work that was claimed be checked when its run had to be stopped', () => {
    const { on, run, title } = solo();
    on.do({ type: 'claim', run, claim: 'done', summary: 's' });
    step(on, { guard: 'stall' });
    endRun(on, taskOf(on, title), 'interrupted');
    expect(attemptOf(on, taskOf(on, title)).status).toBe('verifying');
  });

  it('comes too late for a run that is over', () => {
    const { on, title } = solo();
    endRun(on, taskOf(on, title), 'crashed');
    const before = on.goal();
    step(on, { run: Object.keys(before.runs)[0] ?? '' });
    step(on, { attempt: 'att_99' });
    expect(on.goal()).toBe(before);
  });

  it('is remembered, the newest few an attempt', () => {
    const { on } = solo();
    for (let at = 0; at < KEPT_INTERVENTIONS + 5; at += 1) step(on, { action: 'noticed', evidence: `${at}` });
    const kept = Object.values(on.goal().interventions)[0] ?? [];
    expect(kept).toHaveLength(KEPT_INTERVENTIONS);
    expect(on.texts.get(kept.at(-1)?.evidence.id ?? '')).toBe(`${KEPT_INTERVENTIONS + 4}`);
  });

  it('is an event that decodes without what came later', () => {
    const evidence = { id: 'pl_1', hash: 'h' };
    for (const guard of guardName.options)
      expect(
        goalEvent.parse({ type: 'guard.intervened', guard, action: 'refused', attempt: null, evidence }),
      ).toMatchObject({
        run: null,
      });
  });
});

describe('the structural failures of crews of agents', () => {
  it('no verification: a claim that the check refutes, or that nothing proves, is refused and goes on record', () => {
    for (const [result, words] of [
      ['failed', 'exit code 1'],
      ['none', 'no verify command'],
      ['empty', 'changed nothing'],
    ] as const) {
      const on = bench();
      on.do(stated({ solo: 'ann' }));
      work(on, taskOf(on, 'Make it so'));
      check(on, taskOf(on, 'Make it so'), result);
      expect(did(on)).toEqual([expect.stringMatching(`false-done refused: The agent said it is done.*${words}`)]);
      expect(taskOf(on, 'Make it so').status).not.toBe('done');
    }
  });

  it('premature end: a turn that ends without a claim is no end, and a claim waits for what was delegated', () => {
    const { on, run, title } = solo();
    on.do({ type: 'add-tasks', tasks: [planned('sub')], by: 'ann', awaitedBy: run });
    expect(on.do({ type: 'claim', run, claim: 'done', summary: 's' })).toMatchObject({
      kind: 'refused',
      fault: { tag: 'waits-for-tasks' },
    });
    const other = solo();
    endRun(other.on, taskOf(other.on, title), 'completed');
    expect(did(other.on)).toEqual([
      'false-done noticed: The agent ended its turn without saying that its task is done.',
    ]);
    expect(other.on.goal().runs[runOf(other.on, taskOf(other.on, title))]?.reason).toBe('nudge');
  });

  it('lost history: whoever lost its session starts a new one and is told the task again', () => {
    const { on, title } = solo();
    endRun(on, taskOf(on, title), 'session-lost');
    on.do({ type: 'hand-over', attempt: attemptOf(on, taskOf(on, title)).id, packet: 'what is known' });
    expect(on.goal().runs[runOf(on, taskOf(on, title))]).toMatchObject({ reason: 'recovered', resume: false });
  });
});

describe('fan-out', () => {
  const many = { ...LIMITS, tasks: 500 };

  it('is refused beyond the open tasks one agent may have with others', () => {
    const { on } = solo(many);
    const tasks = Array.from({ length: MOST_DELEGATED }, (_, at) => planned(`t${at}`));
    expect(on.do({ type: 'add-tasks', tasks, by: 'ann' }).kind).toBe('events');
    const one = { type: 'add-tasks', tasks: [planned('more')] } as const;
    expect(on.do({ ...one, by: 'ann' })).toMatchObject({ kind: 'refused', fault: { tag: 'too-many-delegated' } });
    expect(on.do({ ...one, by: 'ceo' }).kind).toBe('events');
  });

  it('is refused beyond the depth to which work may be handed on', () => {
    const on = bench();
    on.do(stated({ solo: 'ann', limits: many }));
    let title = 'Make it so';
    let refused: unknown;
    const agents = ['ann', 'bob'];
    for (let depth = 0; depth <= MOST_DEPTH; depth += 1) {
      on.advance(1_000);
      const run = start(on, taskOf(on, title));
      const by = agents[depth % 2] ?? '';
      const next = {
        ...planned(`d${depth}`),
        assignee: { kind: 'agent', agent: agents[(depth + 1) % 2] ?? '' },
      } as const;
      const decision = on.do({ type: 'add-tasks', tasks: [next], by });
      if (decision.kind === 'refused') {
        refused = { depth, tag: decision.fault.tag };
        break;
      }
      on.do({ type: 'claim', run, claim: 'done', summary: 's' });
      endRun(on, taskOf(on, title), 'completed');
      check(on, taskOf(on, title), 'passed');
      on.do({
        type: 'merged',
        attempt: attemptOf(on, taskOf(on, title)).id,
        result: 'merged',
        commit: 'm',
        output: '',
      });
      title = `Title of d${depth}`;
    }
    expect(refused).toEqual({ depth: MOST_DEPTH, tag: 'too-deep' });
  });
});

describe('waking', () => {
  it('needs a message: without one nobody starts and that is recorded; with one the task names it', () => {
    const on = bench();
    on.do(stated());
    on.do({ type: 'wake', agent: 'bob', message: '', from: 'ann', subject: 's' });
    expect(did(on)).toEqual(['wake refused: An agent was to be woken for no message.']);
    expect(Object.values(on.goal().attempts).map((each) => each.agent)).toEqual(['lead']);
    on.do({ type: 'wake', agent: 'bob', message: 'msg_1', from: 'ann', subject: 's' });
    const woken = Object.values(on.goal().attempts).find((each) => each.agent === 'bob');
    expect(on.goal().tasks[woken?.task ?? '']).toMatchObject({ kind: 'reply', about: 'msg_1', by: 'ann' });
  });
});
