import type { Answer, ItemKind } from './parts.ts';

/** The answers each kind of inbox item takes, the most usual first. */
export const ANSWERS: Readonly<Record<ItemKind, readonly Answer[]>> = {
  approval: ['allow', 'allow-session', 'allow-always', 'deny'],
  question: ['reply', 'stop'],
  plan: ['allow', 'deny', 'stop'],
  budget: ['retry', 'stop'],
  login: ['retry', 'stop'],
  upstream: ['retry', 'stop'],
  unverified: ['accept', 'reply', 'stop'],
  conflict: ['retry', 'reply', 'stop'],
  stuck: ['retry', 'reply', 'stop'],
  interrupted: ['retry', 'reply', 'stop'],
};
