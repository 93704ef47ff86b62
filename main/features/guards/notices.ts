import type { GuardName } from './observation.ts';

const ADVICE: Readonly<Record<GuardName, string>> = {
  loop: 'Repeating it will not help. Do something else, or call complete_task with status "blocked" and say why.',
  'ping-pong': 'Decide with what you know and go on with your task, or use ask_ceo. Do not answer only to be polite.',
  stall:
    'If the task is done, call complete_task once and end your turn. If you cannot go on, call it with status "blocked" and say why.',
  'false-done': 'Run or look at what shows it before you go on, or say what is not known.',
};

/** What an agent is told. The words are ours; of what it wrote nothing is in it. */
export function noticeOf(guard: GuardName, evidence: string): string {
  return `AIOS notice: ${evidence} ${ADVICE[guard]}`;
}
