import type { Answer, ItemKind } from './parts.ts';

/** The answers each kind of inbox item takes, the most usual first. */
export const ANSWERS: Readonly<Record<ItemKind, readonly Answer[]>> = {
  approval: ['allow', 'allow-session', 'allow-always', 'deny'],
  question: ['reply', 'stop'],
  plan: ['allow', 'deny', 'stop'],
  budget: ['retry', 'stop'],
  login: ['retry', 'failover', 'stop'],
  upstream: ['retry', 'failover', 'stop'],
  unverified: ['accept', 'reply', 'stop'],
  conflict: ['retry', 'reply', 'stop'],
  stuck: ['retry', 'reply', 'stop'],
  interrupted: ['retry', 'reply', 'stop'],
  gate: ['allow', 'deny', 'stop'],
  review: ['allow', 'deny', 'stop'],
  deadline: ['retry', 'stop'],
  'plan-edit': ['allow', 'deny'],
  arbitration: ['reply', 'deny'],
};

/** What happens while the CEO does not answer, one sentence. Nothing is ever decided by waiting. */
export const IF_NOTHING: Readonly<Record<ItemKind, string>> = {
  approval: 'The command does not run. The agent waits at it, costs nothing, and its colleagues go on.',
  question: 'The agent waits for your answer and costs nothing; its colleagues go on.',
  plan: 'No task of the plan starts.',
  budget: 'The agent makes no further model call. Its work so far is kept.',
  login: 'The agent makes no further model call until the login works. Its work so far is kept.',
  upstream: 'The agent makes no further model call until you try again. Its work so far is kept.',
  unverified: 'The work is not merged, and tasks that depend on it do not start.',
  conflict: 'The work is not merged, and tasks that depend on it do not start.',
  stuck: 'It stays as it is: what depends on it does not start. Nothing is lost.',
  interrupted: 'The agent stays interrupted. Its session and its files are kept.',
  gate: 'Nothing behind the gate starts.',
  review: 'The work is not merged, and tasks that depend on it do not start.',
  'plan-edit': 'The plan goes on as it was.',
  deadline: 'The task stays stopped. Its session and its files are kept.',
  arbitration: 'Nothing is decided. Whoever waits for the outcome costs nothing; the others go on.',
};
