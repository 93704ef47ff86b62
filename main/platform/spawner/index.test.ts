import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Forked, forkElsewhere, runElsewhere } from './index.ts';

const SPAWNER = new URL('./index.ts', import.meta.url).href;
const environment = { PATH: process.env['PATH'] ?? '' };

describe.skipIf(process.platform === 'win32')('the spawner', () => {
  let folder: string;
  const forked: Forked[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'aios-spawner-'));
  });
  afterEach(async () => {
    for (const { pid } of forked) {
      try {
        if (pid !== undefined) process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself.
      }
    }
    await Promise.all(forked.splice(0).map((each) => each.ended));
    rmSync(folder, { recursive: true });
  });

  const run = (script: string, more: { input?: string; timeoutMs?: number; cwd?: string; command?: string } = {}) =>
    runElsewhere({
      command: more.command ?? '/bin/sh',
      args: ['-c', script],
      cwd: more.cwd ?? folder,
      env: { ...environment, GIVEN: 'yes' },
      input: more.input ?? '',
      timeoutMs: more.timeoutMs ?? 20_000,
    });

  async function start(source: string): Promise<Forked> {
    const entry = join(folder, 'program.mjs');
    writeFileSync(entry, source);
    const one = await forkElsewhere({ entry, cwd: folder, env: environment });
    forked.push(one);
    return one;
  }

  /** The first message and those after it, in order. */
  function hear(one: Forked): () => Promise<unknown> {
    const said: unknown[] = [];
    let wake: () => void = () => undefined;
    one.onMessage((message) => {
      said.push(message);
      wake();
    });
    return async () => {
      while (said.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return said.shift();
    };
  }

  it('runs a program with its input, its environment and nothing else', async () => {
    const end = await run('cat; echo "$GIVEN-$HOME" >&2; exit 3', { input: 'bytes\0and more' });
    expect(Buffer.from(end.stdout).toString()).toBe('bytes\0and more');
    expect(end).toMatchObject({ code: 3, stderr: 'yes-\n', problem: null });
  });

  it('brings a large output back whole', async () => {
    const end = await run('head -c 20000000 /dev/zero');
    expect(end.stdout.byteLength).toBe(20_000_000);
  });

  it('says why a program did not run or end', async () => {
    expect(await run('', { command: 'no-such-program' })).toMatchObject({ code: -1, problem: 'missing' });
    expect(await run('', { cwd: join(folder, 'gone') })).toMatchObject({ code: -1, problem: 'spawn' });
    expect(await run('exec sleep 600', { timeoutMs: 50 })).toMatchObject({ problem: 'timeout' });
  });

  it('carries what is said both ways, in order, and the last words', async () => {
    const one = await start(`
      process.send('first');
      process.on('message', (m) => { process.send(m + '!'); if (m === 'end') { console.error('last words'); process.exit(4); } });
    `);
    const next = hear(one);
    one.send('one');
    one.send('end');
    expect([await next(), await next(), await next()]).toEqual(['first', 'one!', 'end!']);
    expect(await one.ended).toEqual({ code: 4, signal: null, stderr: 'last words\n' });
    one.send('nobody hears this');
  });

  it('goes on after it was killed; what it ran or forked is reported as lost', async () => {
    const one = await start(`process.send(process.ppid); process.on('disconnect', () => process.exit());`);
    const spawner = await hear(one)();
    const lost = run('exec sleep 5');
    process.kill(spawner as number, 'SIGKILL');
    expect(await lost).toMatchObject({ code: -1, problem: 'spawn' });
    expect(await one.ended).toMatchObject({ code: null, signal: null });
    expect(await run('echo again')).toMatchObject({ code: 0 });
  });

  it('ends with its owner, and closes the line of what it forked', async () => {
    const program = join(folder, 'program.mjs');
    writeFileSync(
      program,
      `process.send([process.pid, process.ppid]); process.on('disconnect', () => process.exit());`,
    );
    const owner = join(folder, 'owner.mjs');
    writeFileSync(
      owner,
      `const { forkElsewhere } = await import(${JSON.stringify(SPAWNER)});
       const one = await forkElsewhere({ entry: ${JSON.stringify(program)}, cwd: '/', env: { PATH: process.env.PATH } });
       one.onMessage((pids) => console.log(JSON.stringify(pids)));`,
    );
    const child = spawn(process.execPath, [owner], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [said] = await once(child.stdout, 'data');
    const pids = JSON.parse(String(said)) as number[];
    child.kill('SIGKILL');
    const alive = (pid: number) => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    await expect.poll(() => pids.filter(alive), { timeout: 5_000 }).toEqual([]);
  });
});
