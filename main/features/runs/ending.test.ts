import { expect, it } from 'vitest';
import { activityOf } from './ending.ts';

it('says what an agent does in its workspace, without the way there', () => {
  const call = { type: 'tool-call', toolUseId: '1', kind: 'read', tool: 'Read', input: '{}' } as const;
  expect(activityOf({ ...call, title: '/data/w/att_1/src/a.js' }, '/data/w/att_1')).toBe('Read src/a.js');
  expect(activityOf({ type: 'text', text: 'x'.repeat(500) }, null)).toHaveLength(120);
  expect(activityOf({ type: 'tool-result', toolUseId: '1', ok: true, output: '' }, null)).toBeUndefined();
});
