import { randomUUID } from 'node:crypto';
import type { HostProcess } from '#main/ports/agent-launcher/host-process.ts';
import { fromHost, type ToHost } from '#protocol/agent/channel.ts';

/** A host's process, and the value of the run marker it was started with. */
export interface MarkedHost {
  readonly mark: string;
  readonly process: HostProcess;
}

/** At most one host that was started before its run is known. It has no assignment, so no token and no workspace. */
export interface HeadStart {
  /** Starts it, unless there is one; it loads what the driver needs meanwhile. */
  begin(driver: string): void;
  /** The host, which is the caller's from now on, or undefined when there is none alive. */
  take(): Promise<MarkedHost | undefined>;
  /** Ends it. */
  close(): Promise<void>;
}

/** What a head start is made of. */
export interface HeadStartParts {
  readonly fork: (mark: string) => Promise<HostProcess>;
  /** Milliseconds after which a host that nobody took is ended. */
  readonly idleMs: number;
}

interface Spare extends MarkedHost {
  over: boolean;
}

/** What it says before somebody listens is kept; heartbeats are not, an idle host sends them for ever. */
function keepWords(process: HostProcess): HostProcess {
  const kept: unknown[] = [];
  let listener = (raw: unknown): void => {
    const message = fromHost.safeParse(raw);
    if (!message.success || message.data.type !== 'heartbeat') kept.push(raw);
  };
  process.onMessage((raw) => listener(raw));
  return {
    pid: process.pid,
    stdout: process.stdout,
    stderr: process.stderr,
    ended: process.ended,
    onMessage(heard) {
      // Not in the same turn: whoever launches has its host in hand before the host's first word.
      setImmediate(() => {
        listener = heard;
        for (const raw of kept.splice(0)) heard(raw);
      });
    },
    send: (message) => process.send(message),
    terminate: () => process.terminate(),
  };
}

/** Its end is told a moment after it; a run should not be given a host that is gone. */
function isThere(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** See {@link HeadStart}. */
export function createHeadStart({ fork, idleMs }: HeadStartParts): HeadStart {
  let spare: Promise<Spare> | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function start(driver: string): Promise<Spare> {
    // Never a run's name: what is left of it after a crash is reaped as a run that nobody keeps.
    const mark = `spare_${randomUUID()}`;
    const made: Spare = { mark, process: keepWords(await fork(mark)), over: false };
    void made.process.ended.then(() => {
      made.over = true;
    });
    made.process.send({ type: 'expect', driver } satisfies ToHost);
    return made;
  }

  async function take(): Promise<Spare | undefined> {
    const taken = spare;
    spare = undefined;
    clearTimeout(timer);
    const host = await taken?.catch(() => undefined);
    return host === undefined || host.over || !isThere(host.process.pid) ? undefined : host;
  }

  async function close(): Promise<void> {
    const host = await take();
    host?.process.terminate();
    await host?.process.ended;
  }

  return {
    begin(driver) {
      if (spare) return;
      spare = start(driver);
      // What could not be started is missed by nobody: the run forks its own, and reports why that failed.
      spare.catch(() => undefined);
      timer = setTimeout(() => void close(), idleMs);
      timer.unref();
    },
    take,
    close,
  };
}
