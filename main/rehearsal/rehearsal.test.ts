import Anthropic from '@anthropic-ai/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBook } from '../gateway/test-support.ts';
import { type Rehearsal, startRehearsal } from './index.ts';
import { seededRandom } from './prng.ts';
import { requestOf, smallScript } from './test-support.ts';

let rehearsal: Rehearsal;
let client: Anthropic;
beforeEach(async () => {
  rehearsal = await startRehearsal({ script: smallScript() });
  client = new Anthropic({ apiKey: 'none', baseURL: rehearsal.origin, maxRetries: 0 });
});
afterEach(() => rehearsal.stop());

const TOOLS = [{ name: 'Read', input_schema: { type: 'object' as const } }];

function params(role: string, task: string, limit = 1000) {
  return {
    model: 'claude-sonnet-5-5',
    max_tokens: limit,
    system: [{ type: 'text' as const, text: `You are ${role}.`, cache_control: { type: 'ephemeral' as const } }],
    tools: TOOLS,
    messages: [{ role: 'user' as const, content: task }],
  };
}

const answerTo = (role: string, task: string, limit?: number) =>
  client.messages.stream(params(role, task, limit)).finalMessage();

describe('the Messages API', () => {
  it('streams text and tool input that the official client puts together', async () => {
    const message = await answerTo('Backend', 'Fix sum');
    expect(message.stop_reason).toBe('tool_use');
    expect(message.content).toMatchObject([
      { type: 'text', text: 'Reading sum.' },
      { type: 'tool_use', name: 'Read', input: { file_path: 'sum.ts', limits: [1, 'sum'] } },
      { type: 'tool_use', name: 'Bash', input: { command: 'git status' } },
    ]);
  });

  it('answers without streaming with the same content', async () => {
    const whole = await client.messages.create({ ...params('Backend', 'Fix sum'), stream: false });
    expect(whole.content).toEqual((await answerTo('Backend', 'Fix sum')).content);
  });

  it('reads from its cache what was written before, and meters what it said', async () => {
    const first = await answerTo('Backend', 'Fix sum');
    const second = await answerTo('Backend', 'Fix sum');
    expect(first.usage.cache_creation_input_tokens).toBeGreaterThan(0);
    expect(second.usage.cache_creation_input_tokens).toBe(0);
    expect(second.usage.cache_read_input_tokens).toBeGreaterThan(first.usage.cache_read_input_tokens ?? 0);
    expect(rehearsal.log).toMatchObject([
      { role: 'backend', rule: 'read-file', misbehaved: null },
      { role: 'backend', rule: 'read-file' },
    ]);
    expect(rehearsal.spent(readBook())).toBeGreaterThan(0);
  });

  it('stops at the tokens asked for', async () => {
    const message = await answerTo('Backend', 'Fix sum', 2);
    expect(message).toMatchObject({ stop_reason: 'max_tokens', content: [{ text: 'Reading ' }] });
  });

  it('counts tokens and lists models', async () => {
    const { input_tokens: tokens } = await client.messages.countTokens(params('Backend', 'Fix sum'));
    expect(tokens).toBeGreaterThan(10);
    const models = await client.models.list();
    expect(models.data.map((model) => model.id)).toEqual(['claude-sonnet-5-5']);
  });
});

describe('misbehaviour', () => {
  it('answers with an error once, then behaves', async () => {
    const error: unknown = await answerTo('QA', 'busy').catch((caught: unknown) => caught);
    expect(error).toMatchObject({ status: 529 });
    expect((await answerTo('QA', 'busy')).content).toMatchObject([{ text: 'at last' }]);
  });

  it('cuts streams', async () => {
    await expect(answerTo('QA', 'cut')).rejects.toThrow();
  });

  it('stalls until the client gives up', async () => {
    const stream = client.messages.stream(params('QA', 'stall'));
    await new Promise((resolve) => stream.on('streamEvent', resolve));
    stream.abort();
    await expect(stream.done()).rejects.toThrow();
  });

  it('talks without end, up to the tokens asked for', async () => {
    const message = await answerTo('QA', 'loop', 100);
    expect(message).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 100 } });
  });

  it('sends tool input that is no JSON, and claims usage', async () => {
    const response = await fetch(`${rehearsal.origin}/v1/messages`, {
      method: 'POST',
      body: JSON.stringify(requestOf('QA', [{ role: 'user', content: 'garbage' }])),
    });
    const parts = [...(await response.text()).matchAll(/"partial_json":("(?:[^"\\]|\\.)*")/g)];
    const input = parts.map((part) => JSON.parse(part[1] ?? '""')).join('');
    expect(() => JSON.parse(input)).toThrow();
    expect((await answerTo('QA', 'spend')).usage.output_tokens).toBe(90_000);
  });
});

describe("Ollama's API", () => {
  const chat = async (stream: boolean) => {
    const messages = [
      { role: 'system', content: 'You are Backend.' },
      { role: 'user', content: 'Fix sum' },
    ];
    const body = JSON.stringify({ model: 'small', messages, tools: TOOLS, stream });
    return (await fetch(`${rehearsal.origin}/api/chat`, { method: 'POST', body })).text();
  };

  it('answers in lines or at once', async () => {
    const lines = (await chat(true))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map((line) => line.message.content).join('')).toBe('Reading sum.');
    expect(lines.flatMap((line) => line.message.tool_calls ?? [])).toHaveLength(2);
    expect(lines.at(-1)).toMatchObject({ done: true, done_reason: 'stop' });
    expect(JSON.parse(await chat(false))).toMatchObject({ message: { content: 'Reading sum.' }, done: true });
    const tags = await (await fetch(`${rehearsal.origin}/api/tags`)).json();
    expect(tags).toMatchObject({ models: [{ name: 'claude-sonnet-5-5' }] });
  });
});

it('draws the same delays from the same seed', () => {
  const draw = (seed: string) => Array.from({ length: 5 }, seededRandom(seed));
  expect(draw('a')).toEqual(draw('a'));
  expect(draw('a')).not.toEqual(draw('b'));
  expect(draw('a').every((value) => value >= 0 && value < 1)).toBe(true);
});
