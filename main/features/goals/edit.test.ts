import { describe, expect, it } from 'vitest';
import { attemptOf, type Bench, bench, endRun, LIMITS, planned, runOf, start, stated, taskOf } from './test-kit.ts';

const PLAN = 'Plan the goal';
const titled = (on: Bench, key: string) => taskOf(on, `Title of ${key}`);
const refusal = (decision: ReturnType<Bench['do']>) => (decision.kind === 'refused' ? decision.fault : undefined);
const openItems = (on: Bench) => Object.values(on.goal().items).filter((item) => item.closed === null);

/** A goal whose plan of two tasks waits for approval, or runs. */
function withPlan(mode: 'ask' | 'go', tasks = [planned('one'), planned('two', ['one'])]): Bench {
  const on = bench();
  on.do(stated({ mode }));
  const run = start(on, taskOf(on, PLAN));
  on.do({ type: 'propose-plan', run, tasks });
  on.do({ type: 'claim', run, claim: 'done', summary: 'Planned.' });
  endRun(on, taskOf(on, PLAN), 'completed');
  return on;
}

const to = (agent: string) => ({ kind: 'agent' as const, agent });
const give = (on: Bench, key: string, agent: string) =>
  on.do({ type: 'assign', task: titled(on, key).id, assignee: to(agent), by: 'ceo' });

describe('a ghost plan', () => {
  it('is edited before it is approved, and starts as edited', () => {
    const on = withPlan('ask');
    on.do({ type: 'revise', task: titled(on, 'one').id, title: 'First', brief: 'New words' });
    on.do({ type: 'unlink', task: titled(on, 'two').id, on: taskOf(on, 'First').id });
    on.do({ type: 'add-tasks', tasks: [planned('mine'), planned('gone')], by: 'ceo' });
    on.do({ type: 'cancel-task', task: titled(on, 'gone').id, by: 'ceo' });
    on.do({ type: 'link', task: titled(on, 'mine').id, on: titled(on, 'two').id });
    give(on, 'two', 'tess');
    expect(on.goal().status).toBe('awaiting-approval');
    expect(titled(on, 'mine').status).toBe('proposed');
    expect(Object.keys(on.goal().attempts)).toHaveLength(1);
    on.do({ type: 'approve-plan', by: 'ceo' });
    expect(openItems(on)).toEqual([]);
    expect(attemptOf(on, titled(on, 'two')).agent).toBe('tess');
    expect(on.texts.get(taskOf(on, 'First').brief.id)).toBe('New words');
    expect(titled(on, 'mine')).toMatchObject({ status: 'open', dependsOn: [titled(on, 'two').id] });
    expect(titled(on, 'gone').status).toBe('cancelled');
  });

  it('cannot be approved when nothing of it is left', () => {
    const on = withPlan('ask', [planned('one')]);
    on.do({ type: 'cancel-task', task: titled(on, 'one').id, by: 'ceo' });
    const [item] = openItems(on);
    expect(refusal(on.do({ type: 'answer', item: item?.id ?? '', answer: 'allow', text: '', by: 'ceo' }))?.why).toBe(
      'All its tasks were taken out.',
    );
    expect(openItems(on)).toHaveLength(1);
  });

  it('goes back to the Lead with the words of the CEO and what it had proposed', () => {
    const on = withPlan('ask');
    on.do({ type: 'answer', item: openItems(on)[0]?.id ?? '', answer: 'deny', text: 'Smaller.', by: 'ceo' });
    const again = Object.values(on.goal().tasks).findLast((task) => task.kind === 'plan');
    expect(on.texts.get(again?.brief.id ?? '')).toBe('Smaller.');
    on.do({ type: 'prepared', attempt: again?.attempts[0] ?? '', base: 'b', workspace: '/w' });
    expect(on.events.findLast(({ event }) => event.type === 'run.ordered')?.event).toMatchObject({
      type: 'run.ordered',
      about: [titled(on, 'one').title, titled(on, 'two').title],
    });
  });
});

describe('editing a plan that runs', () => {
  it('refuses to change what has started, saying what to do instead', () => {
    const on = withPlan('go');
    const fault = refusal(on.do({ type: 'revise', task: titled(on, 'one').id, brief: 'x' }));
    expect(fault).toMatchObject({ tag: 'too-late', next: 'Write to its agent instead.' });
    const { agent } = attemptOf(on, titled(on, 'one'));
    expect(refusal(give(on, 'one', agent))).toMatchObject({
      tag: 'too-late',
      next: 'Give it to another agent, or take it back.',
    });
    expect(refusal(on.do({ type: 'revise', task: taskOf(on, PLAN).id, title: 'x' }))?.tag).toBe('no-work');
    expect(refusal(on.do({ type: 'revise', task: titled(on, 'two').id, title: ' ' }))?.tag).toBe('no-title');
  });

  it('names the circle an edge would close, and knows no edge that is not there', () => {
    const on = withPlan('go', [planned('one'), planned('two', ['one']), planned('three', ['two'])]);
    const [two, three] = [titled(on, 'two').id, titled(on, 'three').id];
    expect(refusal(on.do({ type: 'link', task: two, on: three }))).toMatchObject({
      tag: 'cycle',
      why: `${two} waits for ${three} waits for ${two}.`,
    });
    expect(refusal(on.do({ type: 'link', task: two, on: two }))?.tag).toBe('cycle');
    expect(refusal(on.do({ type: 'unlink', task: three, on: titled(on, 'one').id }))?.tag).toBe('not-linked');
    expect(refusal(on.do({ type: 'link', task: three, on: taskOf(on, PLAN).id }))?.tag).toBe('no-work');
  });

  it('refuses an edge to a task whose agent waits for this one', () => {
    const on = withPlan('go', [planned('one')]);
    const run = start(on, titled(on, 'one'));
    on.do({ type: 'unassign', task: titled(on, 'one').id, by: 'ceo' });
    expect(refusal(on.do({ type: 'claim', run, claim: 'done', summary: 's' }))?.tag).toBe('fenced');
    give(on, 'one', 'ann');
    const again = start(on, titled(on, 'one'));
    on.do({ type: 'pause-agent', agent: 'tess', paused: true, by: 'ceo' });
    on.do({ type: 'add-tasks', tasks: [planned('help', [], 'test')], by: 'ann', awaitedBy: again });
    const edge = { type: 'link', task: titled(on, 'help').id, on: titled(on, 'one').id } as const;
    expect(refusal(on.do(edge))?.tag).toBe('cycle');
  });

  it('starts a failed task again with another agent', () => {
    const on = withPlan('go', [planned('one')]);
    // No Lead looks at it first.
    on.do({ type: 'pause-agent', agent: 'lead', paused: true, by: 'ceo' });
    for (let attempt = 0; attempt < LIMITS.attempts; attempt += 1)
      on.do({ type: 'unprepared', attempt: attemptOf(on, titled(on, 'one')).id, why: '', cause: 'stuck' });
    expect(on.goal().status).toBe('stuck');
    give(on, 'one', 'tess');
    expect(on.goal().status).toBe('running');
    expect(openItems(on)).toEqual([]);
    expect(attemptOf(on, titled(on, 'one'))).toMatchObject({ agent: 'tess', number: LIMITS.attempts + 1 });
  });

  it('says why somebody cannot take a task', () => {
    const on = withPlan('go');
    on.do({ type: 'pause-agent', agent: 'tess', paused: true, by: 'ceo' });
    expect(refusal(give(on, 'two', 'lead'))?.tag).toBe('lead-plans');
    expect(refusal(give(on, 'two', 'tess'))?.tag).toBe('agent-paused');
    expect(refusal(give(on, 'two', 'nobody-here'))?.tag).toBe('no-such-agent');
  });
});

describe('the crew', () => {
  const hire = (on: Bench, name: string | null = null, role = 'work', lead = false) => {
    const id = `hired_${Object.keys(on.goal().agents).length}`;
    const agent = { id, name, title: 'Worker', role, driver: 'scripted', model: 'big', lead };
    return { id, decision: on.do({ type: 'hire', agent, by: 'ceo' }) };
  };

  it('grows by agents with names of their own, and its model is the one chosen', () => {
    const on = withPlan('go');
    const names = [hire(on), hire(on), hire(on, ' Zoë\n')].map(({ id }) => on.goal().agents[id]?.name);
    expect(names).toEqual(['Worker', 'Worker 2', 'Zoë']);
    expect(refusal(hire(on, 'zoË').decision)?.tag).toBe('name-taken');
    expect(refusal(hire(on, 'CEO').decision)?.tag).toBe('name-taken');
    expect(refusal(hire(on, null, 'lead', true).decision)?.tag).toBe('one-lead');
    expect(on.goal().agents['hired_4']).toMatchObject({ model: 'big', role: 'work', lead: false });
  });

  it('gives a new agent what waited for one', () => {
    const on = withPlan('go', [planned('one'), planned('two'), planned('three')]);
    expect(titled(on, 'three').status).toBe('open');
    const { id } = hire(on);
    expect(attemptOf(on, titled(on, 'three')).agent).toBe(id);
  });

  it('keeps an agent that works; one that left gets nothing more', () => {
    const on = withPlan('go');
    const { agent } = attemptOf(on, titled(on, 'one'));
    const fault = refusal(on.do({ type: 'dismiss', agent, by: 'ceo' }));
    expect(fault).toMatchObject({ tag: 'agent-works' });
    expect(fault?.why).toContain(titled(on, 'one').id);
    give(on, 'two', 'tess');
    on.do({ type: 'dismiss', agent: 'tess', by: 'ceo' });
    expect(titled(on, 'two').assignee).toEqual({ kind: 'nobody' });
    expect(refusal(give(on, 'two', 'tess'))?.tag).toBe('dismissed');
    expect(refusal(on.do({ type: 'dismiss', agent: 'lead', by: 'ceo' }))?.tag).toBe('only-lead');
  });

  it('puts into the backlog what only the agents who wait for it could do', () => {
    const on = withPlan('go', [planned('one')]);
    const run = start(on, titled(on, 'one'));
    const { agent } = attemptOf(on, titled(on, 'one'));
    const other = agent === 'ann' ? 'bob' : 'ann';
    on.do({ type: 'pause-agent', agent: other, paused: true, by: 'ceo' });
    on.do({ type: 'add-tasks', tasks: [planned('help')], by: agent, awaitedBy: run });
    on.do({ type: 'dismiss', agent: other, by: 'ceo' });
    expect(titled(on, 'help').assignee).toEqual({ kind: 'nobody' });
  });

  it('refuses to try again what was for an agent that left', () => {
    const on = withPlan('go', [planned('one', [], 'test')]);
    for (let attempt = 0; attempt < LIMITS.attempts; attempt += 1)
      on.do({ type: 'unprepared', attempt: attemptOf(on, titled(on, 'one')).id, why: '', cause: 'stuck' });
    on.do({ type: 'dismiss', agent: 'tess', by: 'ceo' });
    expect(refusal(on.do({ type: 'retry-task', task: titled(on, 'one').id, by: 'ceo' }))?.tag).toBe('nobody');
    expect(give(on, 'one', 'bob').kind).toBe('events');
  });

  it('pauses an agent: what runs goes on, nothing new starts', () => {
    const on = withPlan('go', [planned('one', [], 'test'), planned('two', [], 'test')]);
    const run = start(on, titled(on, 'one'));
    on.do({ type: 'pause-agent', agent: 'tess', paused: true, by: 'ceo' });
    expect(runOf(on, titled(on, 'one'))).toBe(run);
    on.do({ type: 'cancel-task', task: titled(on, 'one').id, by: 'ceo' });
    expect(titled(on, 'two').status).toBe('open');
    on.do({ type: 'pause-agent', agent: 'tess', paused: false, by: 'ceo' });
    expect(titled(on, 'two').status).toBe('active');
  });
});

describe('an approval', () => {
  const asked = (answer: 'allow' | 'allow-session' | 'allow-always', text = '') => {
    const on = withPlan('go', [planned('one')]);
    const run = start(on, titled(on, 'one'));
    const deferral = { toolUseId: 'tu', cause: 'permission', owner: 'ceo', on: null, title: 'Why', detail: 'npm i x' };
    on.do({ type: 'run-deferred', run, deferral: { ...deferral, cause: 'permission' } });
    endRun(on, titled(on, 'one'), 'deferred');
    on.do({ type: 'answer', item: openItems(on)[0]?.id ?? '', answer, text, by: 'ceo' });
    const attempt = attemptOf(on, titled(on, 'one'));
    const textsOf = (refs: readonly { id: string }[] = []) => refs.map((ref) => on.texts.get(ref.id));
    return { attempt: textsOf(attempt.allowed), agent: textsOf(on.goal().remembered[attempt.agent]) };
  };

  it('holds once, for the attempt, or for the agent', () => {
    expect(asked('allow')).toEqual({ attempt: [], agent: [] });
    expect(asked('allow-session')).toEqual({ attempt: ['npm i x'], agent: [] });
    expect(asked('allow-always')).toEqual({ attempt: [], agent: ['npm i x'] });
    expect(asked('allow-always', 'npm i')).toEqual({ attempt: [], agent: ['npm i'] });
  });
});
