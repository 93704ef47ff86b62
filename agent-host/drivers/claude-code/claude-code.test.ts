import { describe, expect, it } from 'vitest';
import type { AgentEvent } from '#protocol/agent/event.ts';
import { crashOf, failureOf } from '../failure.ts';
import { inputStream } from './input-stream.ts';
import { ordered } from './ordered.ts';
import { actionOf, fullTitle, kindOf, offeredTools, shortTitle } from './tools.ts';
import { usageMeter } from './usage.ts';

describe('tools', () => {
  it('translates calls into neutral actions', () => {
    expect(actionOf('Write', { file_path: 'a' })).toEqual({ kind: 'edit', path: 'a' });
    expect(actionOf('Bash', { command: 'ls', run_in_background: true })).toEqual({
      kind: 'shell',
      command: 'ls',
      background: true,
    });
    expect(actionOf('mcp__aios__ask', {})).toEqual({ kind: 'aios', tool: 'ask' });
    expect(actionOf('mcp__docs__find', {})).toEqual({ kind: 'extra', tool: 'mcp__docs__find' });
    expect(actionOf('CronCreate', {})).toEqual({ kind: 'unknown', tool: 'CronCreate' });
  });
  it('takes a call without its path as one that names the root', () => {
    expect(actionOf('Edit', {})).toEqual({ kind: 'edit', path: '/' });
    expect(actionOf('Edit', { file_path: 7 })).toEqual({ kind: 'edit', path: '/' });
  });
  it('never shortens what somebody decides on', () => {
    const command = `echo ${'x'.repeat(5000)}\n; id`;
    expect(fullTitle('Bash', { command })).toBe(command);
    expect(shortTitle('Bash', { command })).toHaveLength(200);
    expect(kindOf('mcp__aios__ask', {})).toBe('aios');
  });
  it('offers only what the policy names', () => {
    const policy = { writable: [], protected: [], commands: [], aiosTools: [], deferred: [] };
    expect(offeredTools({ ...policy, tools: [] })).toEqual([]);
    expect(offeredTools({ ...policy, tools: ['read', 'shell'] })).toEqual(['Read', 'Bash']);
  });
});

describe('usage', () => {
  it('counts a message once, adds messages, and believes the turn where it knows more', () => {
    const meter = usageMeter();
    meter.message('m1', { input_tokens: 100, output_tokens: 1 });
    expect(meter.message('m1', { input_tokens: 100, output_tokens: 5 })).toMatchObject({
      input: 100,
      output: 5,
    });
    expect(meter.message('m2', { input_tokens: 50, output_tokens: 1 })).toMatchObject({
      input: 150,
      output: 6,
    });
    expect(meter.turn({ input_tokens: 150, output_tokens: 40 })).toMatchObject({ input: 150, output: 40 });
    expect(meter.message('m3', { input_tokens: 10 })).toMatchObject({ input: 160, output: 40 });
  });
  it('takes nonsense as nothing', () => {
    const meter = usageMeter();
    expect(meter.message('m', { input_tokens: -5, output_tokens: 1e300, cache_read_input_tokens: Number.NaN })).toEqual(
      {
        input: 0,
        output: 0,
        cacheWrite: 0,
        cacheRead: 0,
      },
    );
  });
});

describe('order of events', () => {
  const started: AgentEvent = {
    type: 'started',
    session: 's',
    sessionFiles: [],
    pids: [],
    loaded: { tools: [], mcpServers: [], context: [], skills: [], leftOut: [] },
  };
  const usage = (input: number): AgentEvent => ({
    type: 'usage',
    usage: { input, output: 0, cacheWrite: 0, cacheRead: 0 },
  });
  it('puts started first and leaves out usage without news', () => {
    const seen: string[] = [];
    const events = ordered((event) => seen.push(event.type));
    events.emit({ type: 'text', text: 'early' });
    events.emit(usage(0));
    events.emit(started);
    events.emit(usage(1));
    events.emit(usage(1));
    expect(seen).toEqual(['started', 'text', 'usage']);
  });
  it('tells what it held back when started never comes', () => {
    const seen: string[] = [];
    const events = ordered((event) => seen.push(event.type));
    events.emit({ type: 'text', text: 'early' });
    events.release();
    expect(seen).toEqual(['text']);
  });
});

describe('input stream', () => {
  it('says texts as written, and ends after what was said before it closed', async () => {
    const stream = inputStream('s');
    stream.say('/clear');
    const texts: unknown[] = [];
    const reading = (async () => {
      for await (const message of stream) texts.push([message.message.content, message.client_composed]);
    })();
    stream.say('second');
    stream.close();
    stream.say('too late');
    await reading;
    expect(texts).toEqual([
      ['/clear', true],
      ['second', true],
    ]);
  });
});

describe('failures', () => {
  it.each([
    [402, 'x', 'budget'],
    [401, 'x', 'login'],
    [403, 'x', 'login'],
    [529, 'overloaded', 'upstream'],
    [null, 'Not logged in · Please run /login', 'login'],
    [null, 'No conversation found with session ID: 1', 'session-lost'],
    [null, 'ECONNRESET', 'upstream'],
  ] as const)('maps status %s and %j to %s', (status, detail, kind) => {
    expect(failureOf({ status, detail }).kind).toBe(kind);
  });
  it('takes an end without a result as a crash', () => expect(crashOf('exit 0').kind).toBe('crashed'));
});
