import { ok } from '#main/platform/result.ts';
import type { StoredEvent } from '#main/ports/journal/port.ts';
import type { Operations } from '#main/server/operations.ts';
import type { FeedMessage, LiveView, NumberedEvent, Snapshot } from '#protocol/contract/feed.ts';
import type { Parts } from '../parts.ts';
import { textsOf } from '../texts.ts';
import { inBatches } from './batches.ts';

const LIVE_EVERY_MS = 1_000;
/** A watcher that lags this many messages behind starts anew with a snapshot. */
const MOST_QUEUED = 5_000;
/** Events whose texts are read at once. */
const MOST_TOGETHER = 500;

/** Runs that are up, with what the operating system says of them. */
async function liveViews(parts: Parts): Promise<LiveView[]> {
  const running = parts.runner.live.all();
  if (running.length === 0) return [];
  const footprints = new Map((await parts.launcher.footprint()).map((each) => [each.run, each]));
  return running.map(({ run, goal, agent, attempt, startedAt, aliveAt, progressAt, activity }) => ({
    run,
    goal,
    agent,
    attempt,
    startedAt,
    aliveAt,
    progressAt,
    activity,
    residentBytes: footprints.get(run)?.residentBytes ?? 0,
    cpuSeconds: footprints.get(run)?.cpuSeconds ?? 0,
  }));
}

async function numbered(parts: Parts, event: StoredEvent): Promise<NumberedEvent> {
  const { sequence, id, stream, type, at, epoch, data } = event;
  return { sequence, id, stream, type, at, epoch, data, texts: await textsOf(parts.engine, data) };
}

async function* watch(parts: Parts, after: number, signal: AbortSignal | undefined): AsyncGenerator<FeedMessage> {
  const queue: StoredEvent[] = [];
  let wake: () => void = () => undefined;
  const stop = parts.engine.feed.watch(after, (events) => {
    queue.push(...events);
    wake();
  });
  if (!stop) {
    yield { kind: 'gap' };
    return;
  }
  const tick = setInterval(() => wake(), LIVE_EVERY_MS);
  tick.unref();
  const onAbort = () => wake();
  signal?.addEventListener('abort', onAbort);
  let shown = '';
  let lookedAt = 0;
  try {
    while (!signal?.aborted) {
      if (queue.length > MOST_QUEUED) {
        yield { kind: 'gap' };
        return;
      }
      const batch = queue.splice(0);
      for (let at = 0; at < batch.length; at += MOST_TOGETHER) {
        const some = batch.slice(at, at + MOST_TOGETHER).map((event) => numbered(parts, event));
        for (const events of inBatches(await Promise.all(some))) yield { kind: 'events', events };
      }
      // Figures of processes are read from the system: often enough to see, not with every event.
      if (parts.clock.now() - lookedAt >= LIVE_EVERY_MS) {
        lookedAt = parts.clock.now();
        const live = await liveViews(parts);
        const text = JSON.stringify(live);
        if (text !== shown) {
          shown = text;
          yield { kind: 'live', live };
        }
      }
      if (queue.length > 0) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    clearInterval(tick);
    signal?.removeEventListener('abort', onAbort);
    stop();
  }
}

/** Snapshot and numbered events for every face. */
export function feedOperations(
  parts: Parts,
  conversationIds: () => readonly string[],
): Omit<Operations['feed'], 'followTranscript' | 'history' | 'text'> {
  return {
    async snapshot() {
      const sequence = parts.engine.feed.sequence();
      const state = {
        goals: parts.goals.ids().flatMap((id) => parts.goals.state(id) ?? []),
        conversations: conversationIds().flatMap((id) => parts.messages.conversation(id) ?? []),
        decisions: parts.decisions.projects().flatMap((id) => parts.decisions.of(id) ?? []),
      };
      const snapshot: Snapshot = {
        sequence,
        epoch: parts.engine.epoch(),
        ...state,
        budgets: parts.budgets.state(),
        projects: parts.projects.ids().flatMap((id) => parts.projects.state(id) ?? []),
        layouts: parts.layouts.ids().flatMap((id) => parts.layouts.state(id) ?? []),
        live: await liveViews(parts),
        texts: await textsOf(parts.engine, state),
      };
      return ok(snapshot);
    },
    watch: async (input, signal) => ok(watch(parts, input.after, signal) as never),
    transcript: async (input) => ok(await parts.transcripts.read(input.run)),
  };
}
