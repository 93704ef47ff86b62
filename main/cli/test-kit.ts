import { err, ok } from '#main/platform/result.ts';
import { createFake, type FakeOrchestrator } from '#main/server/http/test-support.ts';
import type { Fault } from '#protocol/model/fault.ts';
import type { BackendWish, OpenBackend } from './backend.ts';
import { runCli } from './cli.ts';

/** A command line over a fake orchestrator. */
export interface CliKit {
  readonly fake: FakeOrchestrator;
  readonly wishes: BackendWish[];
  /** Runs a command line in `/repo`. */
  aios(...argv: string[]): Promise<number>;
  out(): string;
  err(): string;
  /** What `--json` printed, line by line. */
  lines(): Array<Record<string, unknown>>;
  /** Presses Ctrl-C once. */
  interrupt(): void;
}

/** Makes a kit; `refuse` is the fault opening a backend ends with. */
export function createCliKit(refuse?: Fault): CliKit {
  const fake = createFake();
  const wishes: BackendWish[] = [];
  const listeners = new Set<() => void>();
  let out = '';
  let error = '';
  const open: OpenBackend = async (wish) => {
    wishes.push(wish);
    return refuse
      ? err(refuse)
      : ok({
          operations: fake.operations,
          attached: false,
          link: async () => ok('http://link'),
          close: async () => {},
        });
  };
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      error += text;
    },
    isTty: false,
    columns: () => 100,
    env: {},
    cwd: '/repo',
    now: () => Date.now(),
    onInterrupt: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  return {
    fake,
    wishes,
    out: () => out,
    err: () => error,
    aios: (...argv) => runCli(argv, { io, home: '/', open }),
    lines: () =>
      out
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    interrupt: () => {
      for (const listener of listeners) listener();
    },
  };
}
