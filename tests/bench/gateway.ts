import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { createSqliteJournal } from '#main/adapters/embedded/journal/index.ts';
import { createEngine, type Engine } from '#main/engine/engine.ts';
import { createBudgets, nodeOf } from '#main/features/budgets/index.ts';
import { createGateway } from '#main/gateway/index.ts';
import { systemClock } from '#main/platform/clock.ts';
import { systemIds } from '#main/platform/ids.ts';
import type { CallAuthority } from '#main/ports/call-authority/port.ts';
import { nanosFromUsd } from '#protocol/model/money.ts';
import { inTemporaryFolder } from './engine.ts';
import type { ClientAnswer, ClientQuestion } from './gateway-client.ts';
import { printTable, type Table } from './table.ts';

const ROUNDS = 1500;
/** Calls while the code of a gateway just started is compiled: shown on their own, without a target. */
const FIRST_ROUNDS = 1000;
const RESTED_ROUNDS = 500;
const PAUSE_MS = 20;
const STREAMS = 8;

function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function startPeer(file: string): ChildProcess {
  return fork(new URL(file, import.meta.url), { execArgv: ['--disable-warning=ExperimentalWarning'] });
}

function heard<T>(peer: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    peer.once('message', (message) => resolve(message as T));
    peer.once('exit', (code) => reject(new Error(`a process of the bench ended with ${code}`)));
  });
}

interface Books {
  readonly engine: Engine;
  readonly authority: CallAuthority;
  /** Milliseconds of each reservation, as the orchestrator sees it: from the question to the flushed journal. */
  readonly reserving: number[];
}

async function openBooks(folder: string): Promise<Books> {
  const clock = systemClock();
  const newId = systemIds(clock.now);
  const engine = createEngine({
    journal: createSqliteJournal(join(folder, 'journal.db')),
    clock,
    newId,
    report: (problem) => {
      throw new Error(JSON.stringify(problem));
    },
  });
  const budgets = createBudgets(engine);
  await engine.open();
  await engine.resume();
  const opened = await budgets.open([
    { node: nodeOf.company('real'), kind: 'company', cap: nanosFromUsd(100_000) },
    { node: nodeOf.goal('goal'), kind: 'goal', cap: nanosFromUsd(90_000) },
    { node: nodeOf.run('bench'), kind: 'run', cap: nanosFromUsd(80_000) },
  ]);
  if (!opened.ok) throw new Error(opened.error.what);
  const run = { node: nodeOf.run('bench'), agent: 'agent' };
  const reserving: number[] = [];
  const authority: CallAuthority = {
    async reserve(request) {
      const from = performance.now();
      const grant = await budgets.reserve(request, run);
      reserving.push(performance.now() - from);
      return grant;
    },
    settle: (outcome) => budgets.settle(outcome, run),
    began: () => undefined,
    release: budgets.release,
  };
  return { engine, authority, reserving };
}

/** What a way adds to a call: the median of paired differences, or the difference of a high quantile. */
function added(ms: readonly number[], direct: readonly number[], share: number): number {
  if (share > 0.5) return quantile(ms, share) - quantile(direct, share);
  const differences = ms.map((each, index) => each - (direct[index] ?? 0));
  return quantile(differences, share);
}

function rowsOf(
  name: string,
  { direct, pipe, through }: ClientAnswer,
  targets = true,
): Array<Record<string, string | number>> {
  return ([0.5, 0.99] as const).map((share) => ({
    measure: `${name}, p${share * 100} (ms)`,
    direct: quantile(direct, share),
    ours: quantile(through, share),
    'added by ours': added(through, direct, share),
    'added by a pipe': added(pipe, direct, share),
    target: targets ? (share === 0.5 ? '< 1 added' : '< 5 added') : '-',
  }));
}

function rateRow({ direct, pipe, through }: ClientAnswer): Record<string, string | number> {
  const [ours, bare, piped] = [through, direct, pipe].map((rates) => quantile(rates, 0.5) / 1000);
  return { measure: `streamed (MB/s; a pipe ${Math.round(piped ?? 0)})`, direct: bare ?? 0, ours: ours ?? 0 };
}

async function measured(folder: string, server: ChildProcess, client: ChildProcess): Promise<Table> {
  const direct = `http://127.0.0.1:${await heard<number>(server)}`;
  const { engine, authority, reserving } = await openBooks(folder);
  const prices = fileURLToPath(new URL('../../resources/prices/anthropic.yaml', import.meta.url));
  const ignore = () => undefined;
  const fail = (what: string) => {
    throw new Error(what);
  };
  const gateway = createGateway({ authority, prices, onUpstream: ignore, onFault: fail, onExit: ignore });
  const { origin } = await gateway.start();
  const pipe = new Worker(new URL('./gateway-pipe.ts', import.meta.url), { workerData: direct });
  const bases = { direct, pipe: String((await once(pipe, 'message'))[0]), through: `${origin}/run/bench` };
  gateway.setUpstreams([{ id: 'main', baseUrl: direct, auth: { kind: 'key', key: 'k' } }]);
  gateway.admit({ run: 'run_bench', token: 'bench', upstream: 'main' });
  const ask = (kind: ClientQuestion['kind'], bytes: number, rounds: number, pauseMs: number) => {
    const question: ClientQuestion = { bases, kind, bytes, rounds, pauseMs };
    client.send(question);
    return heard<ClientAnswer>(client);
  };
  try {
    const rows = [
      ...rowsOf(`40 KB, the first ${FIRST_ROUNDS}`, await ask('call', 40_000, FIRST_ROUNDS, 0), false),
      ...rowsOf('10k tokens (40 KB)', await ask('call', 40_000, ROUNDS, 0)),
      ...rowsOf('200k tokens (800 KB)', await ask('call', 800_000, ROUNDS, 0)),
      ...rowsOf('40 KB after a pause', await ask('call', 40_000, RESTED_ROUNDS, PAUSE_MS)),
      ...rowsOf('800 KB after a pause', await ask('call', 800_000, RESTED_ROUNDS, PAUSE_MS)),
      ...([0.5, 0.99] as const).map((share) => ({
        measure: `reservations not made ahead (${reserving.length}), p${share * 100} (ms)`,
        ours: quantile(reserving, share),
      })),
      rateRow(await ask('stream', 2000, STREAMS, 0)),
    ];
    return {
      name: 'gateway',
      rows,
      notes: [
        `${ROUNDS} calls each, in turn with direct ones, as is which goes first, back to back; ${RESTED_ROUNDS} with ${PAUSE_MS} ms before each, as if a tool ran: everything is cold then, also for direct calls`,
        `the first ${FIRST_ROUNDS} calls meet code that is not compiled yet, in the gateway as in the pipe`,
        `${STREAMS} streams of 32 MiB in turn with direct ones`,
        'direct is the same server without the gateway; client and server are processes of their own',
        'a pipe is what stopping on the way costs at least in Node: node:http in a thread, bytes passed on as they come, nothing read, reserved or stored',
        'each call through the gateway is scanned, estimated, reserved in the budget tree of a SQLite journal (FULL, before it leaves), metered and settled',
        'all share the machine; added p50 is the median of paired differences, added p99 the difference of the two',
      ],
    };
  } finally {
    await pipe.terminate();
    await gateway.stop();
    await engine.stop();
  }
}

/** Added latency and streaming rate of the gateway (in its thread, with durable reservations) against the same server direct. */
export function benchGateway(): Promise<Table> {
  const peers = [startPeer('./gateway-server.ts'), startPeer('./gateway-client.ts')] as const;
  return inTemporaryFolder((folder) => measured(folder, ...peers)).finally(() => {
    for (const peer of peers) peer.kill();
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  printTable(await benchGateway());
  process.exit(0);
}
