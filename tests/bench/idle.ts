import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { acceptGoal } from '#main/cli/run/finish.ts';
import { watchGoal } from '#main/cli/watch-goal.ts';
import { type Attached, attach, follow } from '#main/client/index.ts';
import { inTemporaryFolder } from './engine.ts';
import type { IdleLook, IdleQuestion, IdleReady } from './idle-orchestrator.ts';
import type { Table } from './table.ts';

const RESOURCES = fileURLToPath(new URL('../../resources', import.meta.url));
const ORCHESTRATOR = fileURLToPath(new URL('./idle-orchestrator.ts', import.meta.url));
const IDLE_MS = 60_000;
/** What follows an acceptance (the last runs end, folders are removed) is not idling. */
const AFTERMATH_MS = 5_000;
const GOOD = { percent: 1, calls: 0 };

async function heard<T>(child: ChildProcess): Promise<T> {
  const [message] = await once(child, 'message');
  return message as T;
}

async function look(child: ChildProcess): Promise<IdleLook> {
  const answer = heard<IdleLook>(child);
  child.send('look' satisfies IdleQuestion);
  return answer;
}

async function finish({ operations }: Attached, goal: string): Promise<void> {
  const watched = await watchGoal(operations, {
    goal,
    stay: false,
    settleMs: 3_000,
    signal: AbortSignal.timeout(120_000),
    onWorld: () => undefined,
  });
  if (!watched.ok) throw new Error(watched.error.what);
  if (watched.value.verdict !== 'ready') throw new Error(`the rehearsal ended ${watched.value.verdict}`);
  const accepted = await acceptGoal(operations, goal);
  if (!accepted.ok) throw new Error(accepted.error.what);
}

async function idle(child: ChildProcess): Promise<{ before: IdleLook; after: IdleLook; heardOf: number }> {
  const { home, goal } = await heard<IdleReady>(child);
  const attached = await attach(home);
  if (!attached.ok) throw new Error(attached.error.what);
  await finish(attached.value, goal);
  const leaving = new AbortController();
  let heardOf = 0;
  const watching = follow(attached.value.operations, { onWorld: () => (heardOf += 1) }, leaving.signal);
  await pause(AFTERMATH_MS);
  const before = await look(child);
  await pause(IDLE_MS);
  const after = await look(child);
  leaving.abort();
  await watching;
  attached.value.close();
  return { before, after, heardOf };
}

/** What an orchestrator uses when nothing is to be done: its goal is accepted, and one page watches it. */
export function benchIdle(): Promise<Table> {
  return inTemporaryFolder(async (folder) => {
    const child = fork(ORCHESTRATOR, [folder, RESOURCES]);
    const exited = once(child, 'exit');
    const { before, after, heardOf } = await idle(child);
    child.send('stop' satisfies IdleQuestion);
    await exited;
    const percent = ((after.cpuSeconds - before.cpuSeconds) * 100_000) / IDLE_MS;
    return {
      name: 'idle',
      rows: [
        { measure: 'processor, % of one core', ours: percent, good: `< ${GOOD.percent}` },
        { measure: 'model calls', ours: after.calls - before.calls, good: `${GOOD.calls}` },
        { measure: 'resident, MiB', ours: after.residentMiB, good: '< 250' },
      ],
      notes: [
        `${IDLE_MS / 1000} s after a rehearsed goal (${after.calls} model calls) was accepted, with one watcher over WebSocket`,
        `the watcher was told ${heardOf} ${heardOf === 1 ? 'state' : 'states'} of the world`,
        'all threads of the orchestrator, the scripted model included, which shares its process',
      ],
    };
  });
}
