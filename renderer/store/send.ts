import { ORPCError } from '@orpc/client';
import type { Fault } from '#protocol/model/fault.ts';
import { anotherThan } from '../connection/another.ts';
import { currentClient } from '../connection/connection.ts';
import type { Client } from '../connection/socket.ts';
import { tellFault } from './notices.ts';
import { isPastNow } from './world-store.ts';

/** What became of a request. */
export type Answered<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Fault };

const OFFLINE: Fault = {
  tag: 'offline',
  what: 'Nothing was sent.',
  why: 'The orchestrator cannot be reached right now.',
  next: 'Try again when the page is connected.',
};

const UNKNOWN: Fault = {
  tag: 'connection-lost',
  what: 'It is not known whether that arrived.',
  why: 'The connection was lost before an answer came.',
  next: 'See what is shown once the page is connected, then try again if it is needed.',
};

const PAST: Fault = {
  tag: 'past',
  what: 'Nothing was changed.',
  why: 'You are looking at a past moment.',
  next: 'Go back to live first.',
};

function asFault(error: unknown): Fault {
  if (!(error instanceof ORPCError)) return UNKNOWN;
  const data: unknown = error.data;
  if (typeof data === 'object' && data !== null && 'what' in data) return data as Fault;
  return { tag: 'request-failed', what: 'That did not work.', why: error.message, next: 'Try again.' };
}

/** Asks the orchestrator; failures are values. Never changes anything, so it may be repeated. */
export async function ask<T>(query: (client: Client) => Promise<T>): Promise<Answered<T>> {
  return askOver(currentClient(), query);
}

async function askOver<T>(client: Client | null, query: (client: Client) => Promise<T>): Promise<Answered<T>> {
  if (!client) return { ok: false, error: OFFLINE };
  try {
    return { ok: true, value: await query(client) };
  } catch (error) {
    return { ok: false, error: asFault(error) };
  }
}

const BACK_WITHIN_MS = 8_000;

/**
 * Sends one command with an id of its own, so that it is executed once however often it arrives. A refusal is told unless
 * `quiet`. While a past moment is shown nothing is sent.
 */
export async function send<T>(
  command: (client: Client, id: string) => Promise<T>,
  quiet = false,
): Promise<Answered<T>> {
  const id = crypto.randomUUID();
  const give = (over: Client | null) => askOver(over, (client) => command(client, id));
  const first = currentClient();
  let answered: Answered<T> = isPastNow() ? { ok: false, error: PAST } : await give(first);
  // Whether it arrived is not known; with the same id it is executed once, so it is sent again when that is possible.
  if (!answered.ok && answered.error === UNKNOWN) {
    const again = await anotherThan(first, currentClient, BACK_WITHIN_MS);
    if (again) answered = await give(again);
  }
  if (!answered.ok && !quiet) tellFault(answered.error);
  return answered;
}
