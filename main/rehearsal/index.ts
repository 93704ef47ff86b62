import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { type Clock, systemClock } from '#main/platform/clock.ts';
import { costOf, type PriceBook } from '#protocol/model/price-book.ts';
import { answerOf } from './answer.ts';
import { errorDocument, messageDocument, messageEvents, modelsDocument } from './anthropic.ts';
import { type Conversation, conversationOf } from './conversation.ts';
import { type Play, playOf } from './match.ts';
import { chatDocument, chatLines, tagsDocument } from './ollama.ts';
import { seededRandom } from './prng.ts';
import { createPromptCache, type PromptUsage, promptTokens } from './prompt-cache.ts';
import type { Misbehaviour, Script } from './script.ts';
import { pause, sendChunks, sendJson } from './send.ts';

export { type Mutation, mutateScript } from './mutate.ts';
export { type Misbehaviour, type Rule, readScript, type Script } from './script.ts';
export { type Spoilage, spoilRoles } from './spoil.ts';

/** One call the rehearsal server answered. */
export interface RehearsedCall {
  readonly role: string | null;
  readonly rule: string | null;
  readonly model: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly misbehaved: Misbehaviour['kind'] | null;
  /** The whole prompt, cached or not. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly usage: PromptUsage;
}

/** What a rehearsal is started with. */
export interface RehearsalOptions {
  readonly script: Script;
  /** The same seed gives the same delays to the same words. */
  readonly seed?: string;
  /** Milliseconds before each answer, drawn evenly. */
  readonly latency?: { readonly min: number; readonly max: number };
  readonly clock?: Clock;
  /** Ends the process of the agent of a role, where the script says that it dies. */
  readonly onKill?: (role: string) => Promise<void>;
}

/** A running rehearsal server. */
export interface Rehearsal {
  readonly origin: string;
  readonly log: readonly RehearsedCall[];
  /** What all answers would have cost by that price book, in nano-dollars: a meter that owes nothing to the gateway. */
  spent(book: PriceBook): number;
  /** Whether it can be reached; when not, open connections are cut and new ones too. At first it can. */
  reachable(can: boolean): void;
  stop(): Promise<void>;
}

interface Stage {
  readonly options: RehearsalOptions;
  readonly clock: Clock;
  readonly log: RehearsedCall[];
  readonly cache: ReturnType<typeof createPromptCache>;
  /** How often each place of each conversation misbehaved. */
  readonly misbehaved: Map<string, number>;
}

interface Scene {
  readonly stage: Stage;
  readonly json: unknown;
  readonly said: Conversation;
  readonly response: ServerResponse;
}

const MOST_BODY = 64 * 1024 * 1024;

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MOST_BODY) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}

function misbehaviourOf({ misbehaved }: Stage, play: Play): Misbehaviour | null {
  const wrong = play.rule?.misbehave;
  if (!wrong) return null;
  const times = misbehaved.get(play.key) ?? 0;
  if (times >= wrong.times) return null;
  misbehaved.set(play.key, times + 1);
  return wrong;
}

async function wait({ options, clock }: Stage, key: string): Promise<void> {
  if (!options.latency) return;
  const { min, max } = options.latency;
  const draw = seededRandom(`${options.seed ?? ''} ${key}`);
  await pause(clock, min + draw() * (max - min));
}

/** Answers an order to fail instead of answering; true when it did. */
async function failed({ stage, response }: Scene, play: Play, wrong: Misbehaviour | null): Promise<boolean> {
  if (wrong?.kind === 'kill') {
    await stage.options.onKill?.(play.role ?? '');
    response.destroy();
    return true;
  }
  if (wrong?.kind === 'error') {
    const headers: Record<string, string> = wrong.retryAfter === undefined ? {} : { 'retry-after': wrong.retryAfter };
    sendJson(response, wrong.status, errorDocument(wrong.status, 'The rehearsal was told to fail.'), headers);
    return true;
  }
  if (wrong?.kind !== 'html') return false;
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end('<!doctype html><title>Sign in</title>');
  return true;
}

async function perform(scene: Scene, api: 'anthropic' | 'ollama'): Promise<void> {
  const { stage, said, response, json } = scene;
  const play = playOf(stage.options.script, said);
  const wrong = misbehaviourOf(stage, play);
  await wait(stage, play.key);
  if (await failed(scene, play, wrong)) return;
  const usage = stage.cache.read(json);
  const answer = answerOf(play, said, wrong);
  const inputTokens = usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h;
  const { model } = said;
  stage.log.push({
    role: play.role,
    rule: play.rule?.name ?? null,
    model,
    at: stage.clock.now(),
    misbehaved: wrong?.kind ?? null,
    inputTokens,
    outputTokens: answer.outputTokens,
    usage,
  });
  if (api === 'anthropic') {
    const parts = { id: `msg_${play.key}_${stage.log.length}`, model, answer, usage };
    if (!said.stream) return sendJson(response, 200, messageDocument(parts));
    return sendChunks(response, 'text/event-stream', messageEvents(parts), wrong, stage.clock);
  }
  const createdAt = new Date(stage.clock.now()).toISOString();
  const parts = { model, createdAt, answer, promptTokens: inputTokens };
  if (!said.stream) return sendJson(response, 200, chatDocument(parts));
  return sendChunks(response, 'application/x-ndjson', chatLines(parts), wrong, stage.clock);
}

async function answer(stage: Stage, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0];
  const { models } = stage.options.script;
  if (request.method === 'HEAD') return void response.writeHead(200).end();
  if (request.method === 'GET') {
    if (path === '/v1/models') return sendJson(response, 200, modelsDocument(models));
    if (path === '/api/tags') return sendJson(response, 200, tagsDocument(models));
    if (path === '/api/version') return sendJson(response, 200, { version: '0.0.0-rehearsal' });
    return sendJson(response, 404, errorDocument(404, 'no such path'));
  }
  const json = await readJson(request);
  if (typeof json !== 'object' || json === null) {
    return sendJson(response, 400, errorDocument(400, 'the body is no JSON object'));
  }
  if (path === '/v1/messages/count_tokens') return sendJson(response, 200, { input_tokens: promptTokens(json) });
  const api = path === '/v1/messages' ? 'anthropic' : path === '/api/chat' ? 'ollama' : null;
  if (!api) return sendJson(response, 404, errorDocument(404, 'no such path'));
  return perform({ stage, json, said: conversationOf(json, api === 'ollama'), response }, api);
}

function spentBy(log: readonly RehearsedCall[], book: PriceBook): number {
  const nanos = log.map(({ model, at, usage, outputTokens }) => {
    const date = new Date(at).toISOString().slice(0, 10);
    return costOf(book, model, date, { ...usage, output: outputTokens }).nanos;
  });
  return nanos.reduce((sum, value) => sum + value, 0);
}

/** Starts a model server on a loopback port that plays a script over Anthropic's Messages API and Ollama's chat API. */
export async function startRehearsal(options: RehearsalOptions): Promise<Rehearsal> {
  const stage: Stage = {
    options,
    clock: options.clock ?? systemClock(),
    log: [],
    cache: createPromptCache(),
    misbehaved: new Map(),
  };
  let reached = true;
  const server = http.createServer((request, response) => {
    if (!reached) return void response.destroy();
    answer(stage, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    log: stage.log,
    spent: (book) => spentBy(stage.log, book),
    reachable: (can) => {
      reached = can;
      if (!can) server.closeAllConnections();
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
