import { expect, it } from 'vitest';
import { callTitle } from './call-title.ts';

it('names a call on one line, without repeating its tool or its workspace', () => {
  expect(callTitle({ tool: 'Read', title: '/w/src/a.js' }, '/w')).toBe('Read src/a.js');
  expect(callTitle({ tool: 'Bash', title: 'cat /w/a /w/b' }, '/w')).toBe('Bash cat a b');
  expect(callTitle({ tool: 'send_message', title: 'send_message {}' }, '/w')).toBe('send_message {}');
  expect(callTitle({ tool: 'Read', title: '/w/src/a.js' }, null)).toBe('Read /w/src/a.js');
});
