import type { LiveView, NumberedEvent, Snapshot } from '#protocol/contract/feed.ts';
import { applyEvents, type World, worldOf } from '#protocol/model/world.ts';
import { desktop } from '../platform/desktop.ts';
import { setLink, setWorld, updateWorld } from '../store/world-store.ts';
import { firstSession, isFirstSocketOpen, takeFirstSnapshot } from './early.ts';
import { afterFrame } from './frame.ts';
import { createPace } from './pace.ts';
import { checkSession } from './session.ts';
import { type Client, openConnection } from './socket.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** Snapshots are large; gaps that follow one another must not become a loop of them. */
const GAP_PAUSE_MS = 250;

let current: Client | null = null;

/** The client of the open connection; null while there is none. */
export function currentClient(): Client | null {
  return current;
}

const drawn = () => new Promise<void>(afterFrame);

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** One thing the feed tells: an event, or what the processes do now. */
type Told = { readonly event: NumberedEvent } | { readonly live: readonly LiveView[] };

/** The world after what was told, in order. */
function taken(world: World, told: readonly Told[]): World {
  const after = applyEvents(
    world,
    told.flatMap((each) => ('event' in each ? [each.event] : [])),
  );
  const live = told.flatMap((each) => ('live' in each ? [each.live] : [])).at(-1);
  return live ? { ...after, live } : after;
}

/** A snapshot, unless one is shown already, and the numbered events after it. Returns at a gap; throws when the connection ends. */
async function follow(client: Client, known: Snapshot | null, onUp: () => void): Promise<void> {
  const snapshot = known ?? (await client.feed.snapshot());
  onUp();
  if (!known) setWorld(worldOf(snapshot));
  setLink({ state: 'online' });
  const pace = createPace<Told>((told) => updateWorld((world) => taken(world, told)));
  try {
    for await (const message of await client.feed.watch({ after: snapshot.sequence })) {
      if (message.kind === 'gap') return;
      if (message.kind === 'live') pace.add({ live: message.live });
      else for (const event of message.events) pace.add({ event });
    }
  } finally {
    pace.stop();
  }
}

/** Connects and follows until the connection ends; true when it was ever up. */
async function connectOnce(): Promise<boolean> {
  let wasUp = false;
  try {
    const first = takeFirstSnapshot();
    const opening = isFirstSocketOpen() || !first ? openConnection() : null;
    opening?.catch(() => undefined);
    let known = (await first) ?? null;
    // What is there is shown: the socket may still take its time.
    if (known) setWorld(worldOf(known));
    if (!opening) await drawn();
    const connection = await (opening ?? openConnection());
    current = connection.client;
    for (;;) {
      await follow(connection.client, known, () => {
        wasUp = true;
      });
      known = null;
      await pause(GAP_PAUSE_MS);
    }
  } catch {
    return wasUp;
  } finally {
    current = null;
  }
}

/** Keeps the page connected for as long as it lives, unless it is not logged in. */
export async function startConnection(): Promise<void> {
  let wait = FIRST_PAUSE_MS;
  for (let session = await firstSession; ; session = desktop ? 'open' : (await checkSession()).session) {
    if (session === 'login' || session === 'refused')
      return setLink({ state: 'login', refused: session === 'refused' });
    if (session === 'open' && (await connectOnce())) wait = FIRST_PAUSE_MS;
    setLink({ state: 'offline', retryMs: wait });
    // Spread out, so that many pages do not come back at the same instant.
    await pause(wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_PAUSE_MS);
  }
}
