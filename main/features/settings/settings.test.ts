import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSettings, readSettings } from './index.ts';

let home = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'aios-settings-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

describe('settings', () => {
  it('holds what was set over a restart, the project before the user before the default', async () => {
    const settings = createSettings(home);
    expect(settings.value('goals.capUsd', '/repo')).toBeNull();
    await settings.set('goals.capUsd', null, 5);
    await settings.set('goals.capUsd', '/repo', 2);
    const again = createSettings(home);
    expect((await again.load()).ok).toBe(true);
    expect([again.value('goals.capUsd'), again.value('goals.capUsd', '/repo')]).toEqual([5, 2]);
    await again.reset('goals.capUsd', '/repo');
    expect(again.value('goals.capUsd', '/repo')).toBe(5);
    expect(again.list('/repo').find((each) => each.key === 'goals.capUsd')?.source).toBe('user');
  });

  it('refuses what does not fit and changes nothing', async () => {
    const settings = createSettings(home);
    for (const [key, project, value] of [
      ['goals.capUsd', null, -1],
      ['goals.turns', null, 1.5],
      ['goals.mode', null, 'never'],
      ['model.baseUrl', null, 'file:///etc/passwd'],
      ['agent.executable', null, 'claude'],
      ['machine.agents', '/repo', 3],
      ['no.such', null, 1],
    ] as const)
      expect((await settings.set(key, project, value)).ok, key).toBe(false);
    await expect(stat(join(home, 'settings.json'))).rejects.toThrow();
  });

  it('keeps what it does not know of a file edited by hand, and never exports a secret', async () => {
    await writeFile(join(home, 'settings.json'), JSON.stringify({ apiKey: 'sk-secret', agentCap: 2 }), { mode: 0o600 });
    const settings = createSettings(home);
    await settings.load();
    expect(settings.value('machine.agents')).toBe(2);
    await Promise.all([settings.set('goals.turns', null, 7), settings.set('goals.minutes', null, 8)]);
    const read = await readSettings(home);
    expect(read.ok && read.value).toMatchObject({
      apiKey: 'sk-secret',
      values: { 'goals.turns': 7, 'goals.minutes': 8 },
    });
    expect(await settings.exported(null)).not.toContain('sk-secret');
    expect(((await stat(join(home, 'settings.json'))).mode & 0o777).toString(8)).toBe('600');
    expect(await readFile(join(home, 'settings.json'), 'utf8')).toContain('goals.turns');
  });

  it('says when the environment wins', () => {
    const settings = createSettings(home, { 'model.baseUrl': 'http://127.0.0.1:1' });
    expect(settings.list(null).find((each) => each.key === 'model.baseUrl')).toMatchObject({
      source: 'environment',
      value: 'http://127.0.0.1:1',
    });
  });
});
