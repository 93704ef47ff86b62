import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { createSqliteJournal } from '#main/adapters/embedded/journal/index.ts';
import { spareGatewayThread } from '#main/gateway/spare-thread.ts';
import type { Served } from '#main/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { Journal, Opened } from '#main/ports/journal/port.ts';
import { createDoor, type Door } from '#main/server/http/door.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { cannotOpen } from './cannot-open.ts';
import { FOLDERS } from './folders.ts';
import { loadFirst } from './load.ts';
import { detectSandbox } from './sandbox.ts';
import { VERSION } from './version.ts';

/** A browser that is told a link asks within this time; what is loaded next would keep it waiting for longer. */
const VISIT_MS = 40;

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

/** The thread of the journal starts at once: what it says decides. The rest starts when it is asked for. Opens nothing. */
export function startAhead(folder: string): StartedAhead {
  const journal = openOnce(createSqliteJournal(join(folder, FOLDERS.journal), true));
  let worker: Worker | undefined;
  let trial: ReturnType<typeof detectSandbox> | undefined;
  let door: Door | null = null;
  const gateway = () => {
    worker ??= spareGatewayThread();
    return worker;
  };
  const sandbox = () => {
    trial ??= detectSandbox();
    return trial;
  };
  const ahead: Ahead = {
    journal,
    gateway,
    sandbox,
    door: () => door,
    async serve({ port, renderer, before = async () => ok(undefined) }) {
      await mkdir(folder, { recursive: true, mode: 0o700 }).catch(() => undefined);
      const opening = journal.open();
      opening.catch(() => undefined);
      const made = createDoor({ home: folder, renderer, version: VERSION, now: Date.now });
      const [ready] = await Promise.all([before(), loadFirst()]);
      try {
        await opening;
      } catch (error) {
        return ready.ok ? err(cannotOpen(folder, error)) : ready;
      }
      if (!ready.ok) {
        await journal.close();
        return ready;
      }
      const served = await made.listen(port);
      if (!served.ok) {
        await journal.close();
        return served;
      }
      door = made;
      return served;
    },
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
