import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Assignment } from '#protocol/agent/assignment.ts';
import { type FromHost, fromHost } from '#protocol/agent/channel.ts';
import type { HostChannel } from './channel.ts';
import { drivers } from './drivers/index.ts';
import { startHost } from './host.ts';

/** The channel's other end, in memory: what the desktop shell's utility process will be a third implementation of. */
function memoryChannel() {
  const sent: FromHost[] = [];
  let deliver: (raw: unknown) => void = () => undefined;
  let close: () => void = () => undefined;
  const channel: HostChannel = {
    send: (message) => Promise.resolve(void sent.push(fromHost.parse(message))),
    onMessage: (listener) => (deliver = listener),
    onClosed: (listener) => (close = listener),
  };
  return { channel, sent, deliver: (raw: unknown) => deliver(raw), close: () => close() };
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function assignment(changes: Partial<Assignment>): Assignment {
  const folder = mkdtempSync(join(tmpdir(), 'aios-host-'));
  folders.push(folder);
  return {
    run: 'run_1',
    driver: 'scripted',
    agent: { id: 'a', name: 'Ada', role: 'backend' },
    model: 'none',
    session: { id: randomUUID(), resume: false },
    prompt: '[]',
    systemPrompt: '',
    workspace: folder,
    home: folder,
    gateway: 'http://127.0.0.1:1',
    mcp: { url: 'http://127.0.0.1:1/mcp', token: 't' },
    policy: { tools: [], writable: [], protected: [], commands: [], aiosTools: [], deferred: [] },
    resolved: [],
    limits: { maxTurns: 1, maxOutputTokens: 1 },
    environment: {},
    login: 'key',
    context: [],
    extraMcpServers: {},
    skills: [],
    leftOut: [],
    sandbox: { kind: 'none', readable: [] },
    ...changes,
  };
}

/** Starts a host on the memory channel; `over` resolves with its exit code. */
function start() {
  const line = memoryChannel();
  const ended: string[] = [];
  const logged: string[] = [];
  const adopted: string[] = [];
  const over = new Promise<number>((resolve) => {
    const endProcesses = (run: string) => Promise.resolve(void ended.push(run));
    startHost(line.channel, {
      drivers,
      adopt: (run) => void adopted.push(run),
      endProcesses,
      exit: resolve,
      log: (text) => logged.push(text),
    });
  });
  const events = () => line.sent.flatMap((message) => (message.type === 'event' ? [message] : []));
  return { ...line, over, ended, logged, adopted, events };
}

describe('agent host', () => {
  it('says ready first, performs one assignment, ends its processes and exits 0', async () => {
    const host = start();
    expect(host.sent).toEqual([{ type: 'ready' }]);
    host.deliver({ type: 'start', assignment: assignment({}) });
    host.deliver({ type: 'start', assignment: assignment({ run: 'run_2' }) });
    expect(await host.over).toBe(0);
    expect(host.events().map((message) => [message.run, message.sequence, message.event.type])).toEqual([
      ['run_1', 1, 'started'],
      ['run_1', 2, 'finished'],
    ]);
    expect(host.adopted).toEqual(['run_1']);
    expect(host.ended).toEqual(['run_1']);
    expect(host.logged).toEqual(['a second assignment was ignored']);
  });

  it('loads what an expected run needs, and still performs only what it is assigned', async () => {
    const host = start();
    host.deliver({ type: 'expect', driver: 'scripted' });
    host.deliver({ type: 'expect', driver: 'nobody' });
    expect(host.adopted).toEqual([]);
    host.deliver({ type: 'start', assignment: assignment({}) });
    expect(await host.over).toBe(0);
    expect(host.events().map((message) => message.event.type)).toEqual(['started', 'finished']);
  });

  it('fails a run whose driver it does not have', async () => {
    const host = start();
    host.deliver({ type: 'start', assignment: assignment({ driver: 'nobody' }) });
    await host.over;
    expect(host.events().map((message) => message.event)).toMatchObject([{ type: 'failed', kind: 'protocol' }]);
  });

  it('ignores what does not decode', async () => {
    const host = start();
    host.deliver({ type: 'nonsense' });
    host.deliver(null);
    host.deliver({ type: 'start', assignment: { ...assignment({}), extra: 1 } });
    host.deliver({ type: 'stop' });
    expect(await host.over).toBe(0);
    expect(host.logged).toHaveLength(3);
    expect(host.events()).toEqual([]);
  });

  it.each(['stop', 'close'] as const)('ends a running agent on %s, without a further event', async (how) => {
    const host = start();
    host.deliver({ type: 'start', assignment: assignment({ prompt: '[{"hang":true}]' }) });
    if (how === 'stop') host.deliver({ type: 'stop' });
    else host.close();
    expect(await host.over).toBe(0);
    expect(host.ended).toEqual(['run_1']);
    expect(host.events().map((message) => message.event.type)).toEqual(['started']);
  });

  it('remembers an interrupt that came before the agent listened', async () => {
    const host = start();
    host.deliver({ type: 'interrupt' });
    host.deliver({ type: 'start', assignment: assignment({ prompt: '[{"hang":true}]' }) });
    await host.over;
    expect(host.events().at(-1)?.event).toMatchObject({ type: 'finished', reason: 'interrupted' });
  });
});
