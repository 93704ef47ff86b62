import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PLAN_TEXT, statedGoal, TEST_FAULT } from '#main/server/http/test-support.ts';
import { createCliKit } from './test-kit.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aios-plan-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function withGoal() {
  const kit = createCliKit();
  kit.fake.publish('goal/goal_1', statedGoal('p1'), { t: 'Add due dates' });
  return kit;
}

test('the plan is printed as its file says it', async () => {
  const kit = withGoal();
  expect(await kit.aios('plan', 'goal_1')).toBe(0);
  expect(kit.out()).toBe(PLAN_TEXT);
  const json = withGoal();
  expect(await json.aios('plan', 'goal_1', '--json')).toBe(0);
  expect(json.lines()).toEqual([
    { type: 'result', exitCode: 0, goal: 'goal_1', path: 'plans/x.yaml', text: PLAN_TEXT },
  ]);
});

test('an edited file is compared, applied once, and its changes are printed', async () => {
  const kit = withGoal();
  const file = join(folder, 'plan.yaml');
  await writeFile(file, 'nodes: [x]\n');
  expect(await kit.aios('plan', 'goal_1', '--apply', file)).toBe(0);
  expect(kit.out()).toBe('+ Write it\n- Read it\n');
  expect(kit.fake.calls.at(-1)).toEqual({ name: 'applyFile', input: { goal: 'goal_1', text: 'nodes: [x]\n' } });
});

test('a file that says what holds, cannot be used or cannot be read changes nothing', async () => {
  const same = withGoal();
  const file = join(folder, 'plan.yaml');
  await writeFile(file, PLAN_TEXT);
  expect(await same.aios('plan', 'goal_1', '--apply', file)).toBe(0);
  expect(same.err()).toContain('says what holds already');
  const bad = withGoal();
  bad.fake.fail('compareFile', TEST_FAULT);
  expect(await bad.aios('plan', 'goal_1', '--apply', file)).toBe(2);
  const gone = withGoal();
  expect(await gone.aios('plan', 'goal_1', '--apply', join(folder, 'gone.yaml'))).toBe(2);
  expect(gone.err()).toContain('[file-unreadable ');
  for (const kit of [same, bad, gone]) expect(kit.fake.calls.some(({ name }) => name === 'applyFile')).toBe(false);
});

test('a signal says what happened', async () => {
  const kit = withGoal();
  expect(await kit.aios('signal', 'goal_1', 'deployed')).toBe(0);
  const deployed = { goal: 'goal_1', name: 'deployed', passed: true, note: '' };
  expect(kit.fake.calls.at(-1)).toEqual({ name: 'signal', input: deployed });
  expect(await kit.aios('signal', 'goal_1', 'deployed', '--failed', '--note', 'no route')).toBe(0);
  expect(kit.fake.calls.at(-1)).toEqual({
    name: 'signal',
    input: { ...deployed, passed: false, note: 'no route' },
  });
  expect(await kit.aios('signal', 'nothing', 'deployed')).toBe(2);
});
