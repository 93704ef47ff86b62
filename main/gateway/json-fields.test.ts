import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clampedBody, readCallBody } from './call-body.ts';
import { fieldsOf } from './json-fields.ts';
import { requestBody } from './test-support.ts';

function bodyOf(text: string) {
  const body = readCallBody(Buffer.from(text));
  if (!body.ok) throw new Error(body.error);
  return body.value;
}

function clampedTo(text: string, maxTokens: number): unknown {
  const pieces = clampedBody(bodyOf(text), maxTokens);
  return pieces && JSON.parse(Buffer.concat([...pieces]).toString('utf8'));
}

describe('fields of a request', () => {
  it('agrees with JSON.parse on any object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), fc.nat(3), (object, indent) => {
        const bytes = Buffer.from(JSON.stringify(object, null, indent));
        const fields = fieldsOf(bytes);
        const read = [...(fields?.fields ?? [])].map(([key, { start, end }]) => [
          key,
          JSON.parse(bytes.toString('utf8', start, end)),
        ]);
        expect(Object.fromEntries(read)).toEqual(JSON.parse(bytes.toString('utf8')));
      }),
    );
  });

  it('finds the same when it goes on from an earlier scan', () => {
    const value = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), fc.array(fc.jsonValue()), value, (old, added, more) => {
        const bodyWith = (messages: unknown[]) => Buffer.from(JSON.stringify({ model: 'm', messages, ...more }));
        const before = bodyWith(old);
        const now = bodyWith([...old, ...added]);
        const scan = fieldsOf(before);
        let same = 0;
        while (same < before.length && before[same] === now[same]) same += 1;
        if (scan) expect(fieldsOf(now, { scan, same })).toEqual(fieldsOf(now));
      }),
    );
  });

  it('is not deceived by look-alikes in strings and nested values', () => {
    const text = requestBody({
      messages: [{ role: 'user', content: '\\", "max_tokens": 999999, "model": "x" } \\\\"', max_tokens: 5 }],
      tools: [{ max_tokens: 7, model: 'other' }],
      max_tokens: 11,
    });
    expect(bodyOf(text)).toMatchObject({ model: 'claude-sonnet-5-5', maxTokens: 11, stream: true });
  });

  it('normalises keys that occur twice or are written with escapes, so that upstream reads what was reserved', () => {
    const twice = '{"model":"m","max_tokens":5,"max_tokens":100000,"messages":[]}';
    expect(bodyOf(twice).maxTokens).toBe(100_000);
    const { bytes } = bodyOf(twice);
    expect(
      bytes
        .subarray(0, bytes.length)
        .toString('utf8')
        .match(/max_tokens/g),
    ).toHaveLength(1);
    expect(bodyOf('{"model":"m","max\\u005ftokens":9}').maxTokens).toBe(9);
  });

  it.each([
    '',
    '[]',
    '{',
    '{"a":}',
    'null',
    '{"model":"m"}',
    '{"model":"m","max_tokens":-1}',
    '{"model":"m","max_tokens":1.5}',
  ])('refuses %j', (text) => {
    expect(readCallBody(Buffer.from(text)).ok).toBe(false);
  });

  it('exchanges only the number when it clamps', () => {
    const text = requestBody({ system: 'max_tokens: 4096' });
    const pieces = clampedBody(bodyOf(text), 100) ?? [];
    expect(Buffer.concat([...pieces]).toString()).toBe(text.replace('"max_tokens":4096', '"max_tokens":100'));
  });

  it('keeps a thinking budget below the clamp, or says that it cannot', () => {
    const text = requestBody({ thinking: { type: 'enabled', budget_tokens: 4000 }, max_tokens: 8000 });
    expect(clampedTo(text, 5000)).toMatchObject({ max_tokens: 5000, thinking: { budget_tokens: 4000 } });
    expect(clampedTo(text, 3000)).toMatchObject({
      max_tokens: 3000,
      thinking: { type: 'enabled', budget_tokens: 2400 },
    });
    expect(clampedTo(text, 1000)).toBeNull();
  });

  it('notices options that change the price', () => {
    expect(bodyOf(requestBody({ speed: 'fast' })).surcharge).toBe('speed "fast"');
    expect(bodyOf(requestBody({ inference_geo: 'us' })).surcharge).toBe('inference_geo "us"');
    expect(bodyOf(requestBody({ speed: 'standard' })).surcharge).toBeNull();
  });
});
