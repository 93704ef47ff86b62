import { create } from 'zustand';
import type { NumberedEvent } from '#protocol/contract/feed.ts';
import { type Answered, ask } from '../../store/send.ts';
import { goalNow } from '../../store/shown.ts';
import { onWorldChange, showPast, worldNow } from '../../store/world-store.ts';
import { countAt, createReplay, type Replay } from './replay.ts';

/** Speeds of the replay: 1 shows a second in a second. */
export const SPEEDS = [1, 4, 16, 64] as const;

/** The replay of one goal; `replay` null while it is live. */
interface ReplayState {
  readonly goal: string | null;
  readonly replay: Replay | null;
  /** How many events the shown moment has. */
  readonly count: number;
  readonly playing: boolean;
  readonly speed: (typeof SPEEDS)[number];
  readonly loading: boolean;
  /** Why the history could not be read. */
  readonly problem: string | null;
}

const LIVE: ReplayState = {
  goal: null,
  replay: null,
  count: 0,
  playing: false,
  speed: 4,
  loading: false,
  problem: null,
};

/** See {@link ReplayState}. */
export const useReplay = create<ReplayState>(() => LIVE);

const PAGE = 2_000;

async function readHistory(goal: string): Promise<Answered<NumberedEvent[]>> {
  const all: NumberedEvent[] = [];
  for (;;) {
    const after = all.at(-1)?.sequence ?? 0;
    const page = await ask((client) => client.feed.history({ goal, after, limit: PAGE }));
    if (!page.ok) return page;
    all.push(...page.value.events);
    if (!page.value.more || page.value.events.length === 0) return { ok: true, value: all };
  }
}

/** Goes back to live. */
export function goLive(): void {
  useReplay.setState(({ speed }) => ({ ...LIVE, speed }));
  showPast(null);
}

// Another part may go back to live by itself (the banner does); the replay follows.
onWorldChange(() => {
  const { replay } = useReplay.getState();
  const world = worldNow();
  if (replay && world && world.sequence > (replay.events.at(-1)?.sequence ?? 0)) goLive();
});

/** Reads the history of the shown goal unless it is there. Null when it cannot be read. */
async function open(): Promise<Replay | null> {
  const goal = goalNow()?.id ?? null;
  const state = useReplay.getState();
  if (goal === null || state.loading) return null;
  if (state.replay && state.goal === goal) return state.replay;
  const live = worldNow();
  useReplay.setState({ loading: true, problem: null });
  const history = await readHistory(goal);
  useReplay.setState({ loading: false });
  if (!history.ok || !live) {
    useReplay.setState({ problem: history.ok ? '' : history.error.why });
    return null;
  }
  const replay = createReplay(history.value, live);
  useReplay.setState({ goal, replay, count: history.value.length });
  return replay;
}

/** Shows the moment after so many events of the shown goal. */
export async function showCount(count: number): Promise<void> {
  const replay = await open();
  if (!replay) return;
  const within = Math.min(Math.max(count, 0), replay.events.length);
  useReplay.setState({ count: within });
  showPast(replay.at(within));
}

/** Shows a moment by its time, wall-clock milliseconds. */
export async function showTime(at: number): Promise<void> {
  const replay = await open();
  if (replay) await showCount(countAt(replay.events, at));
}

/** One event back or on. */
export async function step(by: number): Promise<void> {
  const replay = await open();
  if (!replay) return;
  useReplay.setState({ playing: false });
  await showCount(useReplay.getState().count + by);
}

const TICK_MS = 100;
/** Pauses longer than this are shortened to it: nobody watches an agent think for ten minutes. */
const LONGEST_GAP_MS = 5_000;
let timer: ReturnType<typeof setInterval> | null = null;

function stopTicking(): void {
  if (timer !== null) clearInterval(timer);
  timer = null;
}

/** The clock of the replay: moves on by what the speed makes of the time that passed. */
function startTicking(): void {
  let shownAt = 0;
  stopTicking();
  timer = setInterval(() => {
    const { replay, count, playing, speed } = useReplay.getState();
    if (!replay || !playing) return stopTicking();
    if (count >= replay.events.length) return useReplay.setState({ playing: false });
    const here = replay.events[count - 1]?.at ?? replay.events[0]?.at ?? 0;
    const next = replay.events[count]?.at ?? here;
    shownAt = Math.max(shownAt, here, next - LONGEST_GAP_MS) + TICK_MS * speed;
    void showCount(Math.max(count, countAt(replay.events, shownAt)));
  }, TICK_MS);
}

/** Plays from the shown moment, or holds it. At the end it starts over. */
export async function togglePlay(): Promise<void> {
  if (useReplay.getState().playing) return useReplay.setState({ playing: false });
  const replay = await open();
  if (!replay) return;
  if (useReplay.getState().count >= replay.events.length) await showCount(0);
  useReplay.setState({ playing: true });
  startTicking();
}

/** Takes the next speed. */
export function nextSpeed(): void {
  useReplay.setState(({ speed }) => ({ speed: SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length] ?? 1 }));
}
