/** The orchestrator's own entry, loaded in full. */
type Loaded = typeof import('./index.ts');

/** What the orchestrator is made of, the largest that others need first. */
const PARTS: ReadonlyArray<() => Promise<unknown>> = [
  () => import('zod'),
  () => import('#protocol/contract/index.ts'),
  () => import('#main/server/http/index.ts'),
  () => import('#main/features/tools/index.ts'),
  () => import('#main/features/runs/index.ts'),
];

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Loads it in parts: in between, whoever opens the page is answered. */
export async function loadOrchestrator(): Promise<Loaded> {
  for (const load of PARTS) {
    await load();
    await turn();
  }
  return import('./index.ts');
}
