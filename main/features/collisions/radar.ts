import { join } from 'node:path';
import type { Engine } from '#main/engine/engine.ts';
import { splitStream } from '#main/engine/streams.ts';
import type { TranscriptLine } from '#main/features/runs/index.ts';
import { forgetGlances } from '#main/features/workspaces/index.ts';
import type { Clock } from '#main/platform/clock.ts';
import type { StoredEvent } from '#main/ports/journal/port.ts';
import { openCollisions } from '#protocol/model/goal/collide.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { createLook, type LookParts, workBeside } from './look.ts';

/** What the radar is made of. */
export interface RadarParts extends Omit<LookParts, 'storeOf' | 'now'> {
  readonly feed: Engine['feed'];
  readonly clock: Clock;
  /** Folder of its own; whatever is in it may go at any time. */
  readonly folder: string;
  readonly transcripts: { watch(listener: (line: TranscriptLine) => void): () => void };
  /** Whose run it is; undefined when it is over. */
  readonly attemptOf: (run: string) => { readonly goal: string; readonly attempt: string } | undefined;
  /** False while the machine has no room for looking. */
  readonly room: () => boolean;
  readonly report: (problem: string) => void;
}

/** Sees conflicts before anything is merged. Only ever one look, hence one git, at a time. */
export interface Radar {
  /** Starts listening; the result stops it and waits for the look that is under way. */
  listen(): Promise<() => Promise<void>>;
}

/** So long after the last call that may have written: several edits in a row are one look. */
const QUIET_MS = 300;
/** After a look the radar rests so many times as long as it took: a tenth of one core at most. */
const REST = 9;
const LONGEST_REST_MS = 10_000;
const NO_ROOM_MS = 5_000;
const WRITES: ReadonlySet<string> = new Set(['edit', 'shell', 'other']);

interface Due {
  readonly goal: string;
  readonly attempt: string;
}

/** See {@link Radar}. */
export function createRadar(parts: RadarParts): Radar {
  const { clock, goals } = parts;
  const storeOf = (project: string) => join(parts.folder, `${project}.git`);
  const look = createLook({ ...parts, storeOf, now: clock.now });
  const due = new Map<string, Due>();
  /** Projects in which perhaps nobody works any more. */
  const idle = new Set<string>();
  const writing = new Set<string>();
  const timers = new Map<string, () => void>();
  let working: Promise<void> | undefined;
  let stopped = false;
  let wakeUp = () => undefined as unknown;

  const rest = (ms: number) =>
    new Promise<void>((resolve) => {
      const cancel = clock.after(ms, resolve);
      wakeUp = () => {
        cancel();
        resolve();
      };
    });

  const allGoals = () => goals.ids().flatMap((id) => goals.state(id) ?? []);

  /** Where nobody works any more the glances go, in turn with the looks. */
  async function prune(): Promise<void> {
    for (const project of idle) {
      idle.delete(project);
      if (allGoals().some((goal) => goal.project === project && workBeside([goal], goal).length > 0)) continue;
      look.forgetProject(project);
      await forgetGlances(storeOf(project));
    }
  }

  async function work(): Promise<void> {
    while (!stopped && due.size + idle.size > 0) {
      await prune().catch((error: unknown) => parts.report(String(error)));
      if (!parts.room()) {
        await rest(NO_ROOM_MS);
        continue;
      }
      const [next] = due.values();
      if (!next) continue;
      due.delete(next.attempt);
      const started = clock.monotonic();
      await look.at(next.goal, next.attempt).catch((error: unknown) => parts.report(String(error)));
      if (!stopped) await rest(Math.min((clock.monotonic() - started) * REST, LONGEST_REST_MS));
    }
  }

  function begin(): void {
    if (stopped) return;
    working ??= work().finally(() => {
      working = undefined;
      // Came while the last look ended.
      if (due.size + idle.size > 0) begin();
    });
  }

  function touch(each: Due): void {
    timers.get(each.attempt)?.();
    const cancel = clock.after(QUIET_MS, () => {
      timers.delete(each.attempt);
      due.set(each.attempt, each);
      begin();
    });
    timers.set(each.attempt, cancel);
  }

  /** Calls that may write are known when they begin, and have written when they have a result. */
  function heard({ run, event }: TranscriptLine): void {
    if (event.type === 'tool-call' && WRITES.has(event.kind)) writing.add(`${run} ${event.toolUseId}`);
    if (event.type !== 'tool-result' || !writing.delete(`${run} ${event.toolUseId}`)) return;
    const owner = parts.attemptOf(run);
    if (owner) touch({ goal: owner.goal, attempt: owner.attempt });
  }

  /** Others may collide with what has just been merged. */
  function touchOthers(goal: Goal): void {
    for (const { attempt } of workBeside([goal], goal)) touch({ goal: goal.id, attempt: attempt.id });
  }

  async function attemptEnded(goal: Goal, attempt: string): Promise<void> {
    timers.get(attempt)?.();
    timers.delete(attempt);
    due.delete(attempt);
    look.forget(attempt);
    for (const other of allGoals()) {
      const gone = openCollisions(other).filter((collision) => collision.elsewhere?.attempt === attempt);
      const looked = gone.map((collision) => collision.id);
      if (looked.length > 0) await goals.execute(other.id, { type: 'collisions', seen: [], looked });
    }
    idle.add(goal.project);
    begin();
  }

  function onEvents(events: readonly StoredEvent[]): void {
    for (const { stream, type, data } of events) {
      const { kind, id } = splitStream(stream);
      const goal = kind === 'goal' ? goals.state(id) : undefined;
      if (!goal) continue;
      const { attempt = '' } = data as { attempt?: string };
      if (type === 'run.ended' || type === 'check.ended') touch({ goal: id, attempt });
      if (type === 'merge.ended' || type === 'lease.taken' || type === 'lease.ended') touchOthers(goal);
      if (type === 'attempt.ended')
        void attemptEnded(goal, attempt).catch((error: unknown) => parts.report(String(error)));
    }
  }

  return {
    async listen() {
      // Glances of an earlier start: whose they were is not known, and looking again is cheap.
      await forgetGlances(parts.folder);
      const stopTranscripts = parts.transcripts.watch(heard);
      const stopFeed = parts.feed.watch(parts.feed.sequence(), onEvents);
      return async () => {
        stopped = true;
        stopTranscripts();
        stopFeed?.();
        for (const cancel of timers.values()) cancel();
        wakeUp();
        await working;
      };
    },
  };
}
