import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { parse } from 'yaml';
import { systemClock } from '#main/platform/clock.ts';
import { assertNever } from '#main/platform/result.ts';
import type { CallAuthority, CallGrant } from '#main/ports/call-authority/port.ts';
import { priceBook } from '#protocol/model/price-book.ts';
import { createGatewayServer, type GatewayServer } from './server.ts';
import type { BegunCall, FromGateway, ThreadStart, ToGateway } from './thread-messages.ts';

const port = parentPort;
if (!port) throw new Error('the gateway worker runs in a thread only');
const tell = (message: FromGateway) => port.postMessage(message);

const grants = new Map<string, (grant: CallGrant) => void>();
const settlements = new Map<string, (settled: ToGateway & { kind: 'settled' }) => void>();
const releases = new Map<number, () => void>();
let questions = 0;
let begun: BegunCall[] = [];
let begunTimer: NodeJS.Timeout | undefined;

/** A message wakes a thread, which competes with the call itself: that goes first. */
const BEGUN_TOLD_AFTER_MS = 5;

function takeBegun(): readonly BegunCall[] {
  const calls = begun;
  begun = [];
  clearTimeout(begunTimer);
  return calls;
}

/** The authority lives on the main thread; each question is a message and waits for its answer. */
const authority: CallAuthority = {
  reserve: (request) =>
    new Promise((resolve) => {
      grants.set(request.call, resolve);
      tell({ kind: 'reserve', request });
    }),
  settle: (outcome) =>
    new Promise((resolve, reject) => {
      settlements.set(outcome.call, ({ failure, ahead }) => {
        if (failure === null) resolve(ahead);
        else reject(new Error(failure));
      });
      tell({ kind: 'settle', outcome, begun: takeBegun() });
    }),
  began(run, call) {
    begun.push({ run, call });
    if (begun.length === 1)
      begunTimer = setTimeout(() => tell({ kind: 'began', calls: takeBegun() }), BEGUN_TOLD_AFTER_MS);
  },
  release: (calls) =>
    new Promise((resolve) => {
      questions += 1;
      releases.set(questions, resolve);
      tell({ kind: 'release', id: questions, calls });
    }),
};

function answered<K, T>(waiting: Map<K, (value: T) => void>, key: K, value: T): void {
  const take = waiting.get(key);
  waiting.delete(key);
  take?.(value);
}

function obey(server: GatewayServer, message: ToGateway): void {
  switch (message.kind) {
    case 'upstreams':
      server.setUpstreams(message.upstreams);
      break;
    case 'admit':
      server.admit(message.admission);
      break;
    case 'revoke':
      server.revoke(message.token);
      break;
    case 'hold':
      server.hold(message.run);
      break;
    case 'release':
      server.release(message.run);
      break;
    case 'grant':
      answered(grants, message.call, message.grant);
      break;
    case 'settled':
      answered(settlements, message.call, message);
      break;
    case 'released':
      answered(releases, message.id, undefined);
      break;
    case 'reclaim':
      void server.reclaim().then(() => tell({ kind: 'reclaimed', id: message.id }));
      break;
    case 'stats':
      tell({ kind: 'stats', id: message.id, stats: server.stats() });
      break;
    case 'stop':
      void server.stop().then(() => tell({ kind: 'stopped' }));
      break;
    default:
      assertNever(message);
  }
}

function begin(start: ThreadStart): void {
  const server = createGatewayServer({
    authority,
    book: priceBook.parse(parse(readFileSync(start.prices, 'utf8'))),
    limits: start.limits,
    clock: systemClock(),
    random: Math.random,
    newCallId: () => `call_${randomUUID()}`,
    onUpstream: (health) => tell({ kind: 'upstream', health }),
    onFault: (what) => tell({ kind: 'fault', what }),
  });
  port?.on('message', (message: ToGateway) => obey(server, message));
  void server.start().then(({ origin }) => tell({ kind: 'ready', origin }));
}

// Whoever is started ahead waits here.
port.once('message', begin);
