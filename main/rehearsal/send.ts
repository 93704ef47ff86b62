import type { ServerResponse } from 'node:http';
import type { Clock } from '#main/platform/clock.ts';
import type { Misbehaviour } from './script.ts';

/** Resolves after so many milliseconds. */
export function pause(clock: Clock, ms: number): Promise<void> {
  if (ms <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    clock.after(ms, resolve);
  });
}

/** Answers with one document. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}

function flushed(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed || !response.writableNeedDrain) return resolve();
    response.once('drain', resolve);
    response.once('close', resolve);
  });
}

/** Sends an answer chunk by chunk; stalls, cuts and dawdles on order. */
export async function sendChunks(
  response: ServerResponse,
  type: string,
  chunks: readonly string[],
  wrong: Misbehaviour | null,
  clock: Clock,
): Promise<void> {
  response.writeHead(200, { 'content-type': type, 'cache-control': 'no-cache' });
  const ends = wrong?.kind === 'stall' || wrong?.kind === 'cut' ? wrong.afterChunks : chunks.length;
  for (const chunk of chunks.slice(0, ends)) {
    if (response.destroyed) return;
    response.write(chunk);
    await flushed(response);
    if (wrong?.kind === 'slow') await pause(clock, wrong.msPerChunk);
  }
  if (wrong?.kind === 'stall') {
    response.flushHeaders();
    return;
  }
  if (wrong?.kind === 'cut') response.write('', () => response.destroy());
  else response.end();
}
