import { ORPCError } from '@orpc/client';
import type { Fault } from '#protocol/model/fault.ts';
import type { Answer } from '#protocol/model/goal/parts.ts';
import { currentClient } from '../connection/connection.ts';
import type { Client } from '../connection/socket.ts';
import { notify } from './page-store.ts';

const OFFLINE: Fault = {
  tag: 'offline',
  what: 'Nothing was sent.',
  why: 'The orchestrator cannot be reached right now.',
  next: 'Try again when the page is connected.',
};

function asFault(error: unknown): Fault {
  if (!(error instanceof ORPCError)) return OFFLINE;
  const data: unknown = error.data;
  if (typeof data === 'object' && data !== null && 'what' in data) return data as Fault;
  return { tag: 'request-failed', what: 'That did not work.', why: error.message, next: 'Try again.' };
}

/** Sends one command; what is refused is shown. Resolves to whether it was taken. */
async function send(command: (client: Client, id: string) => Promise<unknown>): Promise<boolean> {
  const client = currentClient();
  try {
    if (!client) throw new Error('offline');
    await command(client, crypto.randomUUID());
    notify(null);
    return true;
  } catch (error) {
    notify(asFault(error));
    return false;
  }
}

/** Stops a goal. */
export const stopGoal = (goal: string) => send((client, command) => client.goals.stop({ goal, command }));

/** Pauses a goal, or lets it go on. */
export const setPaused = (goal: string, paused: boolean) =>
  send((client, command) =>
    paused ? client.goals.pause({ goal, command }) : client.goals.continue({ goal, command }),
  );

/** Brings a finished goal into the CEO's branch; a refusal is shown with its reason. */
export const acceptGoal = (goal: string) =>
  send(async (client, command) => {
    const { result, detail } = await client.goals.accept({ goal, command });
    if (result === 'accepted') return;
    const data: Fault = {
      tag: 'accept-refused',
      what: 'The goal was not brought into your branch.',
      why: detail,
      next: 'Make the branch clean and up to date, then accept again.',
    };
    throw new ORPCError('REFUSED', { data });
  });

/** Answers an inbox item. */
export const answerItem = (goal: string, item: string, answer: Answer, text: string) =>
  send((client, command) => client.goals.answer({ goal, item, answer, text, command }));
