import { err, ok, type Result } from '#main/platform/result.ts';
import type { StoredEvent } from '#main/ports/journal/port.ts';
import type { Operations } from '#main/server/operations.ts';
import type { NumberedEvent, TranscriptView } from '#protocol/contract/feed.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { Parts } from '../parts.ts';
import { payloadIds, textsOf } from '../texts.ts';
import { BATCH_BYTES, bytesOf, cut, inBatches } from './batches.ts';
import { concernsGoal } from './concerns-goal.ts';
import { knownGoal } from './known-goal.ts';

const PAGE = 2_000;
/** Events whose texts are read at once. */
const MOST_TOGETHER = 200;

function runIsOver(parts: Parts, run: string): boolean {
  const goal = parts.goals.ids().find((id) => parts.goals.state(id)?.runs[run]);
  const found = goal === undefined ? undefined : parts.goals.state(goal)?.runs[run];
  return found === undefined || found.status === 'ended';
}

/** Lines as a page gets them, made one at a time. */
function* shownOf(lines: readonly TranscriptView[]): Generator<TranscriptView> {
  for (const line of lines) yield cut(line);
}

async function* follow(
  parts: Parts,
  run: string,
  after: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<TranscriptView[]> {
  let wake: () => void = () => undefined;
  const live: TranscriptView[] = [];
  const stopLines = parts.transcripts.watch((line) => {
    if (line.run !== run) return;
    live.push(line);
    wake();
  });
  const stopEvents = parts.engine.feed.watch(parts.engine.feed.sequence(), (events) => {
    if (events.some((event) => event.type === 'run.ended' && (event.data as { run: string }).run === run)) wake();
  });
  const onAbort = () => wake();
  signal?.addEventListener('abort', onAbort);
  let sent = after;
  try {
    // What was written before the watch began is in the file, once that is read after it.
    let lines: TranscriptView[] = await parts.transcripts.read(run);
    while (!signal?.aborted) {
      const fresh = lines.filter((line) => line.sequence > sent);
      yield* inBatches(shownOf(fresh));
      sent = Math.max(sent, ...fresh.slice(-1).map((line) => line.sequence));
      const over = runIsOver(parts, run);
      lines = live.splice(0);
      if (lines.length > 0) continue;
      if (over) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      lines = live.splice(0);
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    stopLines();
    stopEvents?.();
  }
}

/** The last sequence before a moment (wall-clock ms), found by halving: the journal is in order of time. */
export async function sequenceBefore(parts: Parts, at: number): Promise<number> {
  let low = 0;
  let high = parts.engine.feed.sequence();
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [event] = await parts.journal.read(middle, 1);
    if (event && event.at < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Clocks may be set back a little between events. */
const CLOCK_SLACK_MS = 60_000;

async function history(
  parts: Parts,
  input: { readonly goal: string; readonly after: number; readonly limit: number },
): Promise<Result<{ events: NumberedEvent[]; more: boolean }, Fault>> {
  const goal = knownGoal(parts, input.goal);
  if (!goal.ok) return goal;
  const begun = await sequenceBefore(parts, goal.value.statedAt - CLOCK_SLACK_MS);
  const concerns = concernsGoal(parts, input.goal);
  const found: StoredEvent[] = [];
  // Settled calls are told by their reservations, which may lie before `after`.
  for (let at = begun; found.length <= input.limit; ) {
    const events = await parts.journal.read(at, PAGE);
    for (const event of events) if (concerns(event) && event.sequence > input.after) found.push(event);
    at = events.at(-1)?.sequence ?? at;
    if (events.length < PAGE) break;
  }
  const events = await firstPage(parts, found.slice(0, input.limit));
  return ok({ events, more: found.length > events.length });
}

/** As many of the events, with their texts, as one frame should carry; at least one when there is one. */
async function firstPage(parts: Parts, found: readonly StoredEvent[]): Promise<NumberedEvent[]> {
  const page: NumberedEvent[] = [];
  let size = 0;
  for (let at = 0; at < found.length; at += MOST_TOGETHER) {
    const some = found.slice(at, at + MOST_TOGETHER);
    const texts = await textsOf(
      parts.engine,
      some.map((event) => event.data),
    );
    for (const event of some) {
      const next = numbered(event, texts);
      size += bytesOf(next);
      if (page.length > 0 && size > BATCH_BYTES) return page;
      page.push(next);
    }
  }
  return page;
}

function numbered(event: StoredEvent, texts: Readonly<Record<string, string>>): NumberedEvent {
  const { sequence, id, stream, type, at, epoch, data } = event;
  return { sequence, id, stream, type, at, epoch, data, texts: textsFor(data, texts) };
}

function textsFor(data: unknown, texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    [...payloadIds(data)].flatMap((id) => (texts[id] === undefined ? [] : [[id, texts[id]] as const])),
  );
}

/** The operations on what was: transcripts as they grow, a goal's events, and whole texts. */
export function historyOperations(parts: Parts): Pick<Operations['feed'], 'followTranscript' | 'history' | 'text'> {
  return {
    followTranscript: async (input, signal) => ok(follow(parts, input.run, input.after ?? 0, signal) as never),
    history: ({ goal, after = 0, limit = 1_000 }) => history(parts, { goal, after, limit }),
    async text(input) {
      const text = (await parts.engine.payloads([input.id])).get(input.id);
      if (text !== undefined) return ok({ text });
      const why = 'It was forgotten, or never kept.';
      return err(faultOf('no-such-text', 'This text is not there.', why, 'What refers to it stays valid.'));
    },
  };
}
