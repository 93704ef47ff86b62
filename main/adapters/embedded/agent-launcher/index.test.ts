import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findMarked } from '#main/platform/process-tree.ts';
import type { AgentLauncher, LaunchedHost } from '#main/ports/agent-launcher/port.ts';
import type { Assignment } from '#protocol/agent/assignment.ts';
import type { FromHost } from '#protocol/agent/channel.ts';
import { forkLauncher } from './index.ts';
import { RUN_MARKER } from './markers.ts';

const HOST = fileURLToPath(new URL('../../../../agent-host/index.ts', import.meta.url));
const RUDE_HOST = fileURLToPath(new URL('../../../../tests/doubles/rude-host.ts', import.meta.url));

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

describe('forkLauncher', { timeout: 30_000 }, () => {
  let data: string;
  const hosts: LaunchedHost[] = [];
  beforeEach(() => {
    data = realpathSync(mkdtempSync(join(tmpdir(), 'aios-launcher-')));
    for (const folder of ['workspace', 'home']) mkdirSync(join(data, folder));
  });
  afterEach(async () => {
    await Promise.all(hosts.splice(0).map((host) => host.kill()));
    rmSync(data, { recursive: true, force: true });
  });

  function assignment(run: string, steps: unknown[]): Assignment {
    return {
      run,
      driver: 'scripted',
      agent: { id: 'a', name: 'Ada', role: 'backend' },
      model: 'none',
      session: { id: randomUUID(), resume: false },
      prompt: JSON.stringify(steps),
      systemPrompt: '',
      workspace: join(data, 'workspace'),
      home: join(data, 'home'),
      gateway: 'http://127.0.0.1:1',
      mcp: { url: 'http://127.0.0.1:1/mcp', token: 't' },
      policy: {
        tools: ['shell'],
        writable: [],
        protected: [],
        commands: ['setsid'],
        aiosTools: [],
        deferred: [],
      },
      resolved: [],
      limits: { maxTurns: 1, maxOutputTokens: 1 },
      environment: {},
      login: 'key',
      context: [],
      extraMcpServers: {},
      skills: [],
      leftOut: [],
      sandbox: { kind: 'none', readable: [] },
    };
  }

  /** Launches a host that performs steps; `heard` resolves when a message of a type (or of an event's type) arrives. */
  async function start(steps: unknown[], entry = HOST, given?: AgentLauncher) {
    const run = `run_${randomUUID()}`;
    const messages: FromHost[] = [];
    const garbage: string[] = [];
    let wake: () => void = () => undefined;
    const launcher = given ?? forkLauncher({ hostEntry: entry, dataFolder: data });
    const host = await launcher.launch({
      run,
      onMessage(message) {
        messages.push(message);
        if (message.type === 'ready') host.send({ type: 'start', assignment: assignment(run, steps) });
        wake();
      },
      onGarbage: (reason) => garbage.push(reason),
    });
    hosts.push(host);
    const heard = async (type: string): Promise<void> => {
      const known = () =>
        messages.some((message) => (message.type === 'event' ? message.event.type : message.type) === type);
      while (!known()) await new Promise<void>((resolve) => (wake = resolve));
    };
    return { run, launcher, host, messages, garbage, heard };
  }

  it('numbers the events of a run and reports how its host ended', async () => {
    const { host, messages, run } = await start([{ say: 'hello' }]);
    expect(await host.exited).toMatchObject({ code: 0, signal: null });
    const events = messages.filter((message) => message.type === 'event');
    expect(events.map((message) => [message.run, message.sequence, message.event.type])).toEqual([
      [run, 1, 'started'],
      [run, 2, 'text'],
      [run, 3, 'finished'],
    ]);
  });

  it('hears a host beat while its agent is silent', async () => {
    const { heard } = await start([{ hang: true }]);
    await heard('heartbeat');
  });

  it('survives a host that floods its output', async () => {
    const { host, messages } = await start([{ flood: 64 * 1024 * 1024 }, { say: 'still here' }]);
    expect((await host.exited).code).toBe(0);
    expect(messages.at(-1)).toMatchObject({ event: { type: 'finished' } });
  });

  it('reports what does not decode or is too long, and goes on', async () => {
    const { host, garbage, heard } = await start([], RUDE_HOST);
    await heard('ready');
    const end = await host.exited;
    expect(end.code).toBe(7);
    expect(garbage).toHaveLength(2);
    expect(garbage[1]).toContain('over the limit');
    expect(end.stderr.endsWith('last words\n')).toBe(true);
    expect(end.stderr.length).toBeLessThanOrEqual(16 * 1024);
  });

  it.each([
    ['a crash', { crash: true }, { signal: 'SIGKILL' }],
    ['an exit without a result', { exitSilently: true }, { code: 0 }],
  ] as const)('tells %s by how the host ended and the missing outcome', async (_, step, end) => {
    const { host, messages } = await start([step]);
    expect(await host.exited).toMatchObject(end);
    expect(messages.some((message) => message.type === 'event' && message.event.type === 'finished')).toBe(false);
  });

  it('kills a stopped host and the detached process it started', async () => {
    const { run, launcher, host, heard } = await start([{ shell: ['setsid', '-w', 'sleep', '600'] }]);
    await heard('tool-call');
    process.kill(host.pid ?? 0, 'SIGSTOP');
    const before = performance.now();
    await host.kill();
    await host.kill();
    expect(performance.now() - before).toBeLessThan(5000);
    expect((await launcher.footprint()).filter((found) => found.run === run)).toEqual([]);
  });

  it('measures a run, and reaps the runs of its data folder that nobody keeps', async () => {
    const kept = await start([{ hang: true }]);
    const lost = await start([{ hang: true }]);
    await Promise.all([kept.heard('started'), lost.heard('started')]);
    const figures = await lost.launcher.footprint();
    const mine = figures.find((found) => found.run === lost.run);
    expect(mine?.pids).toContain(lost.host.pid);
    expect(mine?.residentBytes).toBeGreaterThan(10_000_000);
    expect(await lost.launcher.reap(new Set([kept.run]))).toEqual([lost.run]);
    expect((await lost.host.exited).signal).toBe('SIGKILL');
    expect((await lost.launcher.footprint()).map((found) => found.run)).toEqual([kept.run]);
  });

  it('gives a run the host that was started ahead, once, and it ends like any other', async () => {
    const launcher = forkLauncher({ hostEntry: HOST, dataFolder: data });
    launcher.expect('scripted');
    launcher.expect('scripted');
    const first = await start([{ shell: ['setsid', '-w', 'sleep', '600'] }], HOST, launcher);
    const second = await start([{ hang: true }], HOST, launcher);
    await Promise.all([first.heard('tool-call'), second.heard('started')]);
    // What it starts is marked with the run itself, and belongs to it. A process has no marks while it becomes a program.
    await until(async () => {
      const marked = (await findMarked(RUN_MARKER)).filter((found) => found.value === first.run);
      const mine = (await launcher.footprint()).find((found) => found.run === first.run);
      return marked.some(({ pid }) => mine?.pids.includes(pid)) && mine?.pids.includes(first.host.pid ?? 0) === true;
    });
    const marks = new Map((await findMarked(RUN_MARKER)).map((found) => [found.pid, found.value]));
    expect(marks.get(first.host.pid ?? 0)).toMatch(/^spare_/);
    expect(marks.get(second.host.pid ?? 0)).toBe(second.run);
    const figures = await launcher.footprint();
    expect(figures.map((found) => found.run).toSorted()).toEqual([first.run, second.run].toSorted());
    process.kill(first.host.pid ?? 0, 'SIGKILL');
    expect((await first.host.exited).signal).toBe('SIGKILL');
    expect((await launcher.footprint()).map((found) => found.run)).toEqual([second.run]);
  });

  it.each([
    ['is closed', undefined],
    ['waited too long', 2_000],
  ])('ends a host that was started ahead when it %s', async (_, idleMs) => {
    const launcher = forkLauncher({ hostEntry: HOST, dataFolder: data, ...(idleMs === undefined ? {} : { idleMs }) });
    launcher.expect('scripted');
    await until(async () => (await launcher.footprint()).length === 1);
    if (idleMs === undefined) await launcher.close();
    else await until(async () => (await launcher.footprint()).length === 0);
    expect(await launcher.footprint()).toEqual([]);
  });

  it('starts a run anew when its head start died', async () => {
    const launcher = forkLauncher({ hostEntry: HOST, dataFolder: data });
    launcher.expect('scripted');
    await until(async () => (await launcher.footprint()).length === 1);
    const [spare] = await launcher.footprint();
    const pid = spare?.pids[0] ?? 0;
    process.kill(pid, 'SIGKILL');
    await until(async () => !existsSync(`/proc/${pid}`));
    const { host } = await start([{ say: 'hello' }], HOST, launcher);
    expect((await host.exited).code).toBe(0);
  });

  it('reaps a head start that an earlier orchestrator left', async () => {
    const launcher = forkLauncher({ hostEntry: HOST, dataFolder: data });
    launcher.expect('scripted');
    await until(async () => (await launcher.footprint()).length === 1);
    expect(await forkLauncher({ hostEntry: HOST, dataFolder: data }).reap(new Set())).toHaveLength(1);
    expect(await launcher.footprint()).toEqual([]);
  });

  it('leaves the runs of other data folders alone', async () => {
    const { launcher, run, heard } = await start([{ hang: true }]);
    await heard('started');
    const other = mkdtempSync(join(tmpdir(), 'aios-other-'));
    expect(await forkLauncher({ hostEntry: HOST, dataFolder: other }).reap(new Set())).toEqual([]);
    expect((await launcher.footprint()).map((found) => found.run)).toEqual([run]);
    rmSync(other, { recursive: true });
  });
});
