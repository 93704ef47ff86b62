import { expect, test } from 'vitest';
import { statedGoal, TEST_FAULT } from '#main/server/http/test-support.ts';
import { faultOf } from '#protocol/model/fault.ts';
import { COMMANDS } from './cli.ts';
import { createCliKit } from './test-kit.ts';

const ref = (id: string) => ({ id, hash: 'h' });

test('unknown commands and options end with 2, and say what there is', async () => {
  for (const argv of [
    ['nothing'],
    ['run', '--nothing'],
    ['serve', 'x'],
    ['run'],
    ['run', 'a', 'b'],
    ['inbox', 'answer', 'g'],
    ['stop'],
    ['plan'],
    ['plan', 'a', 'b'],
    ['signal', 'goal_1'],
    ['__proto__'],
    ['run', 'a', '--cap', 'lots'],
    ['run', 'a', '--turns', '1.5'],
    ['run', 'a', '--upstream-url', 'ftp://x'],
  ]) {
    const kit = createCliKit();
    expect(await kit.aios(...argv), argv.join(' ')).toBe(2);
    expect(kit.err()).toMatch(/^aios: .+\[usage [0-9a-f]{8}\]\n$/);
    expect(kit.wishes).toEqual([]);
  }
});

test('every command has help', async () => {
  for (const name of Object.keys(COMMANDS).filter((each) => each !== 'rehearse')) {
    const kit = createCliKit();
    expect(await kit.aios(name, '--help')).toBe(0);
    expect(kit.out()).toContain(`aios ${name}`);
  }
  const kit = createCliKit();
  expect(await kit.aios('help')).toBe(0);
  for (const name of Object.keys(COMMANDS)) expect(kit.out()).toContain(name);
});

test('faults of the machine and of other orchestrators have codes of their own', async () => {
  for (const [tag, code] of [
    ['home-owned', 6],
    ['cannot-attach', 6],
    ['git-too-old', 7],
    ['disk-low', 7],
    ['needs-trust', 3],
    ['anything', 2],
  ] as const) {
    const kit = createCliKit(faultOf(tag, 'What.', 'Why.', 'Next.'));
    expect(await kit.aios('run', 'Add dates')).toBe(code);
    expect(kit.err()).toContain('aios: What. Why. Next. [');
  }
});

test('run states a goal, prints what it found, and ends with 0 when it is ready', async () => {
  const kit = createCliKit();
  const code = kit.aios('run', 'Add due dates', '--repo', 'app', '--cap', '2.5', '--go', '--json');
  await expect.poll(() => kit.fake.watchers).toBe(1);
  kit.fake.publish('goal/goal_1', {
    type: 'goal.check-ended',
    result: 'passed',
    commit: 'c0ffee',
    exitCode: 0,
    output: null,
  });
  expect(await code).toBe(0);
  expect(kit.fake.calls.find((call) => call.name === 'state')?.input).toEqual({
    text: 'Add due dates',
    path: '/repo/app',
    mode: 'go',
    capUsd: 2.5,
  });
  expect(kit.err()).toContain('verify with: npm test');
  expect(kit.lines().at(-1)).toMatchObject({ type: 'result', exitCode: 0, verdict: 'ready', commit: 'c0ffee' });
  expect(
    kit
      .lines()
      .slice(0, -1)
      .every((line) => line['type'] === 'event'),
  ).toBe(true);
});

test('run accepts when it was told to', async () => {
  const kit = createCliKit();
  const code = kit.aios('run', 'Add due dates', '--accept');
  await expect.poll(() => kit.fake.watchers).toBe(1);
  kit.fake.publish('goal/goal_1', {
    type: 'goal.check-ended',
    result: 'passed',
    commit: 'c',
    exitCode: 0,
    output: null,
  });
  expect(await code).toBe(0);
  expect(kit.fake.calls.some((call) => call.name === 'accept')).toBe(true);
  expect(kit.err()).toContain('Accepted into main');
});

test('an untrusted repository is listed and ends with 3; with --trust it is trusted', async () => {
  const refused = createCliKit();
  expect(await refused.aios('run', 'x', '--repo', '/untrusted')).toBe(3);
  expect(refused.err()).toContain('- command package.json: npm test');
  expect(refused.fake.calls.some((call) => call.name === 'state' || call.name === 'trust')).toBe(false);
  const trusted = createCliKit();
  const code = trusted.aios('run', 'x', '--repo', '/untrusted', '--trust');
  await expect.poll(() => trusted.fake.watchers).toBe(1);
  trusted.fake.publish('goal/goal_1', { type: 'goal.stopped', by: 'ceo' });
  expect(await code).toBe(5);
  expect(trusted.fake.calls.find((call) => call.name === 'trust')?.input).toEqual({ path: '/untrusted', digest: 'd1' });
});

test('a goal that is stuck ends with 1, one that waits for the CEO with 4', async () => {
  const stuck = createCliKit();
  const first = stuck.aios('run', 'x');
  await expect.poll(() => stuck.fake.watchers).toBe(1);
  stuck.fake.publish('goal/goal_1', { type: 'goal.stuck', item: 'i1' });
  expect(await first).toBe(1);
  const asking = createCliKit();
  const second = asking.aios('run', 'x');
  await expect.poll(() => asking.fake.watchers).toBe(1);
  asking.fake.publish(
    'goal/goal_1',
    { type: 'item.opened', item: 'item_1', kind: 'question', task: null, attempt: null, title: ref('q'), detail: null },
    { q: 'Which \u001b[31mdate?' },
  );
  expect(await second).toBe(4);
  expect(asking.err()).toContain('needs you: item_1 question: Which [31mdate?');
  expect(asking.err()).not.toContain('\u001b');
});

test('the same goal, still open in the same repository, is taken up instead of stated again', async () => {
  const kit = createCliKit();
  kit.fake.publish('goal/goal_9', statedGoal('p1'), { t: 'Add due dates' });
  const code = kit.aios('run', 'Add due dates', '--cap', '9');
  await expect.poll(() => kit.fake.watchers).toBe(1);
  kit.fake.publish('goal/goal_9', { type: 'goal.stopped', by: 'ceo' });
  expect(await code).toBe(5);
  expect(kit.fake.calls.some((call) => call.name === 'state')).toBe(false);
  expect(kit.fake.calls.find((call) => call.name === 'setCap')?.input).toEqual({ goal: 'goal_9', usd: 9 });
});

test('Ctrl-C once ends watching with 5 and says how to go on', async () => {
  const kit = createCliKit();
  const code = kit.aios('run', 'x');
  await expect.poll(() => kit.fake.watchers).toBe(1);
  kit.interrupt();
  expect(await code).toBe(5);
  expect(kit.err()).toContain('aios run --resume');
});

test('the inbox shows whole items and answers them; asking starts nothing', async () => {
  const kit = createCliKit();
  kit.fake.publish('goal/goal_1', statedGoal('p1'), { t: 'Add due dates' });
  kit.fake.publish(
    'goal/goal_1',
    {
      type: 'item.opened',
      item: 'item_1',
      kind: 'approval',
      task: null,
      attempt: null,
      title: ref('q'),
      detail: ref('d'),
    },
    { q: 'Run a command?', d: 'rm -rf build\nmake' },
  );
  expect(await kit.aios('inbox')).toBe(0);
  expect(kit.out()).toContain(
    '  | rm -rf build\n  | make\n  aios inbox answer goal_1 item_1 allow|allow-session|allow-always|deny',
  );
  expect(await kit.aios('inbox', 'answer', 'goal_1', 'm_1', 'deny', '--text', 'no')).toBe(0);
  expect(kit.fake.calls.at(-1)).toEqual({
    name: 'answer',
    input: { goal: 'goal_1', item: 'item_1', answer: 'deny', text: 'no' },
  });
  expect(await kit.aios('inbox', 'answer', 'goal_1', 'item_1', 'maybe')).toBe(2);
  expect(kit.wishes.every((wish) => wish.mode === 'ask')).toBe(true);
});

test('run takes a plan that is made already', async () => {
  const kit = createCliKit();
  const code = kit.aios('run', 'Add due dates', '--template', 'feature');
  await expect.poll(() => kit.fake.watchers).toBe(1);
  kit.fake.publish('goal/goal_1', { type: 'goal.stopped', by: 'ceo' });
  expect(await code).toBe(5);
  expect(kit.fake.calls.find((call) => call.name === 'state')?.input).toMatchObject({ template: 'feature' });
});

test('status, accept and stop', async () => {
  const kit = createCliKit();
  kit.fake.publish('goal/goal_1', statedGoal('p1'), { t: 'Add due dates' });
  expect(await kit.aios('status', '--json')).toBe(0);
  expect(kit.lines()).toMatchObject([
    { type: 'result', running: false, goals: [{ id: 'goal_1', text: 'Add due dates', status: 'running' }] },
  ]);
  expect(await kit.aios('accept', 'goal_1')).toBe(0);
  expect(await kit.aios('accept', 'nothing')).toBe(2);
  kit.fake.fail('accept', TEST_FAULT);
  expect(await kit.aios('accept', 'goal_1')).toBe(2);
  expect(await kit.aios('stop', '--all')).toBe(0);
  expect(kit.fake.snapshot().goals[0]?.status).toBe('stopped');
});

test('why tells the chain to the root and what helps, and ends with 4 when it is the turn of the CEO', async () => {
  const kit = createCliKit();
  kit.fake.publish('goal/goal_1', { ...statedGoal('p1'), board: true, solo: null }, { t: 'Add due dates' });
  const add = (task: string, dependsOn: string[], assignee: { kind: 'anyone' | 'nobody' }) =>
    kit.fake.publish(
      'goal/goal_1',
      {
        type: 'task.added',
        task,
        kind: 'work',
        title: ref(task),
        brief: ref(task),
        assignee,
        dependsOn,
        proposed: false,
        by: 'ceo',
        about: null,
      },
      { [task]: `Title \u001b[31m${task}` },
    );
  add('task_a', [], { kind: 'nobody' });
  add('task_b', ['task_a'], { kind: 'anyone' });
  expect(await kit.aios('why', 'task_b')).toBe(4);
  expect(kit.out()).toMatch(
    /^Title \[31mtask_b: after Title \[31mtask_a, for 0 s \(your turn\)\n {2}└ Title .*: in the backlog/,
  );
  expect(kit.out()).toContain('what helps: give "Title [31mtask_a" to an agent');
  expect(await kit.aios('why', '--json')).toBe(4);
  expect(await kit.aios('why', 'Ada', '--json')).toBe(4);
  const last = JSON.parse(kit.out().trim().split('\n').at(-1) ?? '') as unknown;
  expect(last).toMatchObject({ goal: 'goal_1', why: { cause: 'idle', owner: 'ceo' } });
  expect(await kit.aios('why', 'nothing')).toBe(2);
  expect(await kit.aios('status')).toBe(0);
  expect(kit.out()).toContain('stands still: in the backlog');
  kit.fake.publish('goal/goal_1', { type: 'goal.stopped', by: 'ceo' });
  expect(await kit.aios('why')).toBe(0);
});

test('brief takes a span, and refuses what is none', async () => {
  const kit = createCliKit();
  for (const since of ['soon', '0h', '99d', '1w']) expect(await kit.aios('brief', '--since', since)).toBe(2);
  expect(kit.wishes).toEqual([]);
});

test('fork lists the moments of a goal, and refuses what is none before anything is opened', async () => {
  const kit = createCliKit();
  for (const more of [
    ['--at', 'soon'],
    ['--at', 'merge:'],
    ['--at', 'start', '--model', 'backend'],
    ['--ask', '--go'],
  ])
    expect(await kit.aios('fork', 'goal_1', ...more)).toBe(2);
  expect(await kit.aios('compare', 'goal_1')).toBe(2);
  expect(kit.wishes).toEqual([]);
  kit.fake.publish('goal/goal_1', statedGoal('p1'), { t: 'Add due dates' });
  expect(await kit.aios('fork', 'goal_1', '--json')).toBe(0);
  expect(kit.lines()).toMatchObject([{ goal: 'goal_1', boundaries: [{ at: 'start', commit: 'abc' }] }].slice(0, 1));
});
