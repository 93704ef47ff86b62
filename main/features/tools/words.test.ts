import { expect, it } from 'vitest';
import type { ReadableMessage } from '#main/features/messages/index.ts';
import { messageWords } from './words.ts';

const question: ReadableMessage = {
  id: 'ask_1',
  goal: 'g',
  from: 'a1',
  to: ['a2'],
  kind: 'request',
  subject: { id: 's', hash: 'h' },
  body: { id: 'b', hash: 'h' },
  replyTo: null,
  wantsAnswer: true,
  deadline: null,
  attachments: [],
  hops: 0,
  address: 'QA',
  priority: 'normal',
  sensitivity: 'internal',
  negotiation: null,
  sentAt: 0,
  rung: {},
  readBy: {},
  acknowledgedBy: {},
  answeredBy: null,
  dead: null,
  replays: 0,
  subjectText: 'May I?',
  bodyText: 'Please.',
  conversation: 'c',
};
const words = (message: ReadableMessage) =>
  messageWords(message, { agent: 'a2', nameOf: () => 'Backend', negotiation: undefined });

it('a question that is shown again after a crash wants an answer only as long as it has none', () => {
  expect(words(question)).toContain('wants an answer: reply with send_message and reply_to "ask_1"');
  const answered = words({ ...question, answeredBy: 'msg_2' });
  expect(answered).toContain('nothing more is wanted');
  expect(answered).not.toContain('reply_to');
});
