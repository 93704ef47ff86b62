import type { Assignment } from '#protocol/agent/assignment.ts';
import { type ToHost, toHost } from '#protocol/agent/channel.ts';
import type { AgentEvent } from '#protocol/agent/event.ts';
import { faultOf } from '#protocol/model/fault.ts';
import type { HostChannel } from './channel.ts';
import type { Notice } from './drivers/driver.ts';
import type { DriverLoader } from './drivers/index.ts';
import { mailbox } from './mailbox.ts';

const HEARTBEAT_MS = 2000;
/** How long a driver may take to end by itself before everything of the run is killed. */
const GRACE_MS = 1500;

/** What a host needs from its process. */
export interface HostPlatform {
  readonly drivers: ReadonlyMap<string, DriverLoader>;
  /** Everything started from now on belongs to this run. */
  adopt(run: string): void;
  /** Kills whatever the run started and left behind. */
  endProcesses(run: string): Promise<void>;
  exit(code: number): void;
  /** Diagnostics for the owner's log; never carries run content. */
  log(line: string): void;
}

/** One agent-host: one channel, one assignment, one driver. */
export interface Host {
  /** Ends the run without a further event: the owner is gone or asked for it. */
  stop(): Promise<void>;
  /** A bug surfaced: tell the owner, end the run, exit 1. */
  crash(error: unknown): Promise<void>;
}

type Failure = Extract<AgentEvent, { type: 'failed' }>;

function failure(kind: Failure['kind'], tag: string, what: string, why: string): Failure {
  return {
    type: 'failed',
    kind,
    fault: faultOf(tag, what, why, 'Resume the run; if it repeats, report the log.'),
  };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Starts the host's side of the channel: says `ready`, beats, and waits for its assignment. */
export function startHost(channel: HostChannel, platform: HostPlatform): Host {
  const abort = new AbortController();
  const notices = mailbox<Notice>();
  const interrupts = mailbox<void>();
  let run: string | undefined;
  let running: Promise<void> = Promise.resolve();
  let lastSend: Promise<void> = Promise.resolve();
  let sequence = 0;
  let closed = false;
  let ending: Promise<void> | undefined;

  /** After a terminal event the run is over: what a driver says later is dropped. */
  const emit = (event: AgentEvent): void => {
    if (closed || run === undefined) return;
    closed = event.type === 'finished' || event.type === 'failed';
    sequence += 1;
    lastSend = channel.send({ type: 'event', run, sequence, event });
  };

  const end = (code: number): Promise<void> => {
    ending ??= (async () => {
      clearInterval(heartbeat);
      abort.abort();
      await Promise.race([running, sleep(GRACE_MS)]);
      if (run !== undefined) await platform.endProcesses(run);
      await Promise.race([lastSend, sleep(GRACE_MS)]);
      platform.exit(code);
    })();
    return ending;
  };

  const perform = async (assignment: Assignment): Promise<void> => {
    const load = platform.drivers.get(assignment.driver);
    if (!load)
      return emit(
        failure(
          'protocol',
          'unknown-driver',
          `No driver is called ${assignment.driver}.`,
          'This host does not have it.',
        ),
      );
    const driver = await load();
    await driver.run(assignment, {
      emit,
      onNotify: notices.listen,
      onInterrupt: interrupts.listen,
      signal: abort.signal,
    });
    if (!abort.signal.aborted)
      emit(
        failure(
          'protocol',
          'no-outcome',
          'The agent ended without an outcome.',
          'Its driver stopped without saying how.',
        ),
      );
  };

  const begin = (assignment: Assignment): void => {
    if (run !== undefined) {
      platform.log('a second assignment was ignored');
      return;
    }
    run = assignment.run;
    platform.adopt(run);
    running = perform(assignment).catch((error: unknown) => host.crash(error));
    void running.then(() => end(0));
  };

  const receive = (message: ToHost): void => {
    if (message.type === 'start') begin(message.assignment);
    // What cannot be loaded is told by the run that needs it.
    else if (message.type === 'expect')
      void platform.drivers
        .get(message.driver)?.()
        .catch(() => undefined);
    else if (message.type === 'notify') notices.post({ id: message.id, text: message.text });
    else if (message.type === 'interrupt') interrupts.post();
    else void host.stop();
  };

  const host: Host = {
    stop: () => end(0),
    crash(error) {
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      platform.log(why);
      emit(failure('crashed', 'host-crashed', 'The agent host failed.', why.slice(0, 2000)));
      running = Promise.resolve();
      return end(1);
    },
  };

  channel.onClosed(() => void host.stop());
  channel.onMessage((raw) => {
    const message = toHost.safeParse(raw);
    if (message.success) receive(message.data);
    else platform.log(`a message that does not decode was ignored: ${message.error.issues[0]?.path.join('.')}`);
  });
  const heartbeat = setInterval(() => void channel.send({ type: 'heartbeat' }), HEARTBEAT_MS);
  lastSend = channel.send({ type: 'ready' });
  return host;
}
