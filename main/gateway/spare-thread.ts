import { Worker } from 'node:worker_threads';

/** A thread that waits for what the gateway is to begin with. Starting one takes as long as loading the rest of AIOS. */
export function spareGatewayThread(): Worker {
  // Nothing of the orchestrator's environment is needed in there.
  return new Worker(new URL('./worker.ts', import.meta.url), { env: {} });
}
