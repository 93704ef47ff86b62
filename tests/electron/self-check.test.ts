import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fusedFile, readFuses, wrongFuses } from '../../electron/fuses.ts';
import { checkSelf, type Facts, faultsOf } from '../../electron/self-check.ts';
import { feedOf, startUpdater } from '../../electron/updater.ts';
import { folder, freshElectron } from './kit.ts';
import { app, stage } from './stand-in.ts';

freshElectron();

const GOOD: Facts = { switches: [], onlyInstance: true, fuses: undefined, folderMode: 0o40700 };
const WIRE = process.platform === 'linux' ? '010001001' : '010011001';

describe('the check of a start', () => {
  it('finds nothing wrong with a good one', () => expect(faultsOf({ ...GOOD, fuses: WIRE })).toEqual([]));

  it.each<[string, Partial<Facts>]>([
    ['--no-sandbox', { switches: ['no-sandbox'] }],
    ['--remote-debugging-port', { switches: ['remote-debugging-port'] }],
    ['--inspect', { switches: ['inspect'] }],
    ['lock', { onlyInstance: false }],
    ['RunAsNode', { fuses: `1${WIRE.slice(1)}` }],
    ['none were found', { fuses: null }],
    ['mode 755', { folderMode: 0o40755 }],
  ])('names %s', (what, wrong) => {
    const faults = faultsOf({ ...GOOD, ...wrong });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(what);
  });

  it('sees the switches that Chromium was given, and who may read the data folder', async () => {
    const home = await folder();
    stage.switches.add('no-sandbox');
    await chmod(home, 0o755);
    const found = (await checkSelf(home, true)).join(' ');
    expect(found).toContain('--no-sandbox');
    if (process.platform !== 'win32') expect(found).toContain('mode 755');
  });

  it('makes a data folder that only its owner can read', async () => {
    expect(await checkSelf(join(await folder(), 'new', 'home'), true)).toEqual([]);
  });
});

describe('fuses', () => {
  it('are read where they lie, however deep in the file', async () => {
    const file = join(await folder(), 'electron');
    const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
    for (const before of [0, 8 * 1024 * 1024 - 5, 9 * 1024 * 1024 + 3]) {
      const wire = Buffer.concat([Buffer.from(sentinel), Buffer.from([1, WIRE.length]), Buffer.from(WIRE)]);
      await writeFile(file, Buffer.concat([Buffer.alloc(before, 'd'), wire, Buffer.alloc(100)]));
      expect(await readFuses(file)).toBe(WIRE);
    }
    await writeFile(file, 'no fuses here');
    expect(await readFuses(file)).toBeNull();
  });

  it('lie in the framework on a Mac', () => {
    expect(fusedFile('/A.app/Contents/MacOS/A', 'darwin')).toBe(
      '/A.app/Contents/Frameworks/Electron Framework.framework/Electron Framework',
    );
  });

  it('are wrong when a removed one is asked for', () => {
    expect(wrongFuses(WIRE.replace(/^./, 'r'))).toEqual(['RunAsNode']);
  });
});

describe('updates', () => {
  it('are off without a feed, and with one that is not https', async () => {
    const resources = await folder();
    app.isPackaged = true;
    expect(await startUpdater(resources)).toBe('off');
    await writeFile(join(resources, 'update-feed.txt'), 'http://example.org/feed');
    expect(await feedOf(resources)).toBeNull();
    await writeFile(join(resources, 'update-feed.txt'), 'https://example.org/feed\n');
    expect(await feedOf(resources)).toBe('https://example.org/feed');
  });
});
