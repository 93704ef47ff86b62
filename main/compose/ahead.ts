import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { claimFile, createSqliteJournal } from '#main/adapters/embedded/journal/index.ts';
import { spareGatewayThread } from '#main/gateway/spare-thread.ts';
import type { Served } from '#main/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { Journal, Opened } from '#main/ports/journal/port.ts';
import { createDoor, type Door } from '#main/server/http/door.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { cannotOpen } from './cannot-open.ts';
import { FOLDERS } from './folders.ts';
import { dropLastWorld, mayBeKnown, takeLastWorld } from './last-world.ts';
import { loadFirst } from './load.ts';
import { detectSandbox } from './sandbox.ts';
import { VERSION } from './version.ts';

/** A browser that is told a link asks within this time; what is loaded next would keep it waiting for longer. */
const VISIT_MS = 40;
/** A browser that has asked for a page which is known connects within this time, and draws what was clicked within the other. */
const CONNECT_MS = 700;
const DRAW_MS = 200;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** What can begin before the rest of AIOS is loaded, for one orchestrator. */
export interface Ahead {
  readonly journal: Journal;
  readonly gateway: () => Worker;
  readonly sandbox: () => ReturnType<typeof detectSandbox>;
  /** Serves the page, once the data folder is owned; null where nothing was served ahead. */
  readonly door: () => Door | null;
  /**
   * Takes the data folder, and only then serves its page: whoever opens it is let in, and waits for the orchestrator.
   * Fails as opening the folder and listening do.
   */
  serve(options: Serving): Promise<Result<Served, Fault>>;
  /** Until a browser asked for the page, but not for long: whoever waits for a link opens it at once, or much later. */
  visited(): Promise<void>;
  /** Whether one has. */
  wasVisited(): boolean;
  /**
   * Until the page that was asked for is drawn, where it shows the world as the last start left it: it has the processor for
   * itself until then, but not for long. The journal is opened afterwards.
   */
  drawn(): Promise<void>;
  /** Whether it had. */
  wasDrawn(): boolean;
  /** Where the page is that is served; null for none. */
  page(): string | null;
}

/** How the page is served. */
export interface Serving {
  readonly port: number;
  readonly renderer: string | null;
  /** What must have been done before; it is begun at once, and when it fails nothing was served. */
  readonly before?: (() => Promise<Result<void, Fault>>) | undefined;
}

/** What was started, until somebody takes it. */
export interface StartedAhead {
  /** For the first orchestrator on that data folder; undefined for any other. */
  take(home: string): Ahead | undefined;
  /** Ends what nobody took. */
  end(): Promise<void>;
}

/** A journal that was opened ahead is open already when its engine first asks. */
function openOnce(journal: Journal): Journal {
  let opening: Promise<Opened> | undefined;
  let asked = false;
  return {
    ...journal,
    open() {
      if (asked) return journal.open();
      opening ??= journal.open();
      return opening;
    },
    async close() {
      asked = true;
      await journal.close();
    },
  };
}

/** Takes the folder for this process; returns how to let go of it. */
function claim(folder: string): Result<() => void, Fault> {
  try {
    return ok(claimFile(join(folder, FOLDERS.claim)));
  } catch (error) {
    return err(cannotOpen(folder, error));
  }
}

/**
 * Where a page is waited for and what it shows is known, the journal can wait: it is opened once the page is drawn. Else its
 * thread starts at once, and what it says decides. The rest starts when it is asked for. Opens nothing.
 */
export function startAhead(folder: string, forPage: boolean): StartedAhead {
  const later = forPage && mayBeKnown(folder);
  const journal = openOnce(createSqliteJournal(join(folder, FOLDERS.journal), !later));
  let worker: Worker | undefined;
  let trial: ReturnType<typeof detectSandbox> | undefined;
  let door: Door | null = null;
  let page: string | null = null;
  let known = false;
  let drawn = false;
  let letGo = () => {};
  const gateway = () => {
    worker ??= spareGatewayThread();
    return worker;
  };
  const sandbox = () => {
    trial ??= detectSandbox();
    return trial;
  };
  /** Once it is open its own lock holds the folder. */
  const openJournal = async (): Promise<Result<void, Fault>> => {
    try {
      await journal.open();
      letGo();
      return ok(undefined);
    } catch (error) {
      return err(cannotOpen(folder, error));
    }
  };
  /** What the page shows first, where that is known; whoever owns the folder changes it from now on. */
  const lastWorld = async (renderer: string | null): Promise<string | null> => {
    if (later && renderer !== null) return takeLastWorld(folder, renderer);
    await dropLastWorld(folder);
    return null;
  };
  const ahead: Ahead = {
    journal,
    gateway,
    sandbox,
    door: () => door,
    async serve({ port, renderer, before = async () => ok(undefined) }) {
      await mkdir(folder, { recursive: true, mode: 0o700 }).catch(() => undefined);
      const claimed = claim(folder);
      if (!claimed.ok) return claimed;
      letGo = claimed.value;
      const opening = later ? undefined : openJournal();
      const made = createDoor({ home: folder, renderer, version: VERSION, now: Date.now });
      const [ready] = await Promise.all([before(), later ? undefined : loadFirst()]);
      const last = ready.ok ? await lastWorld(renderer) : null;
      // What is not known must be read, and whether it can be is told before anything is served.
      const [opened] = last === null ? await Promise.all([opening ?? openJournal(), loadFirst()]) : [ok(undefined)];
      const failed = [ready, opened].find((each) => !each.ok);
      const served = failed?.ok === false ? failed : await made.listen(port);
      if (!served.ok) {
        await journal.close();
        letGo();
        return served;
      }
      if (last !== null) made.showFirst(last);
      known = last !== null;
      page = renderer;
      door = made;
      return served;
    },
    async drawn() {
      if (door && known && door.wasVisited()) {
        await Promise.race([door.connected.then(() => pause(DRAW_MS)), pause(CONNECT_MS)]);
        drawn = true;
      }
      // Beside what is loaded next.
      void openJournal();
    },
    wasDrawn: () => drawn,
    page: () => page,
    async visited() {
      if (door) await Promise.race([door.visited, pause(VISIT_MS)]);
    },
    wasVisited: () => door?.wasVisited() ?? false,
  };
  let taken = false;
  const take = () => {
    if (taken) return undefined;
    taken = true;
    return ahead;
  };
  return {
    take: (home) => (home === folder ? take() : undefined),
    async end() {
      if (!take()) return;
      await journal.close();
      await worker?.terminate();
    },
  };
}
