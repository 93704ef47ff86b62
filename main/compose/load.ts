import type * as entry from './index.ts';

type Parts = ReadonlyArray<() => Promise<unknown>>;

/** What everything else needs first: loaded while the data folder is being opened. */
const FIRST: Parts = [
  // Listening needs it, also for an address that is none of a name's.
  () => import('node:dns'),
  () => import('#main/server/http/rpc-socket.ts'),
  () => import('#protocol/contract/index.ts'),
];

/** What the orchestrator is made of. */
const OTHERS: Parts = [
  () => import('#main/server/http/index.ts'),
  () => import('#main/features/tools/index.ts'),
  () => import('#main/features/runs/index.ts'),
];

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

async function loadAll(parts: Parts): Promise<void> {
  for (const load of parts) {
    await load();
    // Others have their turn in between.
    await turn();
  }
}

/** Loads what can be loaded while a start has nothing else to do. */
export const loadFirst = (): Promise<void> => loadAll(FIRST);

/** Loads the orchestrator, in parts: whoever opens the page meanwhile is answered between them. */
export async function loadOrchestrator(): Promise<typeof entry> {
  await loadAll(FIRST);
  await loadAll(OTHERS);
  return import('./index.ts');
}
