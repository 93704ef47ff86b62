import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createFake, statedGoal } from '#main/server/http/test-support.ts';
import { worldOf } from '#protocol/model/world.ts';
import { homeOf } from './home.ts';
import { readSettings, upstreamsOf } from './settings.ts';
import { oneLine } from './text.ts';
import { createPainter } from './view/painter.ts';
import { renderGoal } from './view/render.ts';

const ref = (id: string) => ({ id, hash: 'h' });

test('the data folder is the operator’s choice, else the platform’s place', () => {
  expect(homeOf({ AIOS_HOME: '/x', XDG_DATA_HOME: '/y' }, 'linux', '/u')).toBe('/x');
  expect(homeOf({ XDG_DATA_HOME: '/y' }, 'linux', '/u')).toBe('/y/aios');
  expect(homeOf({ XDG_DATA_HOME: 'relative' }, 'linux', '/u')).toBe('/u/.local/share/aios');
  expect(homeOf({}, 'darwin', '/u')).toBe('/u/Library/Application Support/AIOS');
});

test('settings are strict and private; the environment comes first', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'aios-settings-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [home, open] = [join(folder, 'home'), join(folder, 'open')];
  await Promise.all([mkdir(home), mkdir(open)]);
  const path = join(home, 'settings.json');
  expect(await readSettings(home)).toMatchObject({ ok: true, value: { upstreams: [] } });
  await writeFile(path, '{"apiKey":"sk-1","unknown":1}', { mode: 0o600 });
  expect(await readSettings(home)).toMatchObject({ ok: false, error: { tag: 'settings-unreadable' } });
  await writeFile(path, '{"apiKey":"sk-1"}');
  const found = await readSettings(home);
  if (!found.ok) throw new Error(found.error.why);
  expect(upstreamsOf({}, found.value)).toEqual([
    { id: 'default', baseUrl: 'https://api.anthropic.com', key: 'sk-1', scripted: false },
  ]);
  expect(upstreamsOf({ ANTHROPIC_API_KEY: 'sk-2' }, found.value, 'http://127.0.0.1:1')).toMatchObject([
    { key: 'sk-2', baseUrl: 'http://127.0.0.1:1' },
  ]);
  await writeFile(join(open, 'settings.json'), '{}', { mode: 0o644 });
  expect(await readSettings(open)).toMatchObject({ ok: false, error: { why: expect.stringContaining('Other users') } });
});

test('text from agents cannot steer a terminal', () => {
  expect(oneLine('a\u001b[2Jb\r\nc\u202ed\u0007')).toBe('a [2Jb c d');
  expect(oneLine('abcdef', 4)).toBe('abc…');
});

test('the view shows tasks under what they wait for, owners, spend and what needs the CEO', () => {
  const fake = createFake(() => 1_000);
  fake.publish('goal/g1', statedGoal('p1'), { t: 'Add due dates' });
  const task = {
    type: 'task.added',
    kind: 'work',
    brief: ref('b'),
    assignee: { kind: 'role', role: 'backend' },
    proposed: false,
    by: 'ceo',
    about: null,
  } as const;
  fake.publish('goal/g1', { ...task, task: 't1', title: ref('t1'), dependsOn: [] }, { t1: 'Store dates' });
  fake.publish('goal/g1', { ...task, task: 't2', title: ref('t2'), dependsOn: ['t1'] }, { t2: 'Show dates' });
  fake.publish('goal/g1', {
    type: 'attempt.started',
    attempt: 'a1',
    task: 't1',
    agent: 'agent_1',
    number: 1,
    session: '00000000-0000-4000-8000-000000000000',
  });
  fake.publish(
    'goal/g1',
    { type: 'item.opened', item: 'i1', kind: 'question', task: 't1', attempt: 'a1', title: ref('q'), detail: null },
    { q: 'Which format?' },
  );
  fake.publish('budget/tree', { type: 'budget.opened', node: 'goal/g1', parent: null, kind: 'goal', cap: 2e9 });
  const lines = renderGoal(worldOf(fake.snapshot()), 'g1', { width: 80, now: 61_000, height: 40 });
  expect(lines).toEqual([
    '▲ Add due dates',
    '  running; 1 thing needs you · 0 of 2 tasks done · $0.00 of $2.00 · 1 min',
    '',
    'Tasks',
    '  ● Store dates [Ada] preparing a workspace',
    '  └ ◌ Show dates [backend] after Store dates (Ada acts next)',
    '',
    'Agents',
    '  Ada (backend) $0.00 – no process',
    '',
    'Needs you',
    '  ▲ question: Which format?',
    '      aios inbox answer g1 i1 reply|stop',
  ]);
  expect(renderGoal(worldOf(fake.snapshot()), 'g1', { width: 20, now: 61_000, height: 5 })).toHaveLength(5);
});

test('equal pictures are painted once', () => {
  let written = '';
  const painter = createPainter((text) => (written += text));
  painter.paint(['a', 'b']);
  painter.paint(['a', 'b']);
  painter.paint(['a', 'c']);
  expect(written).toBe('\r\u001b[0Ja\nb\n\u001b[2A\r\u001b[0Ja\nc\n');
});
