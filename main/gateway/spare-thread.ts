import { Worker } from 'node:worker_threads';

/**
 * What is kept of a body lies in buffers outside the heap, which are given back when their small handles are collected. Where those are
 * collected late, 64 MiB of bodies pile up and the whole heap is marked for them, which stops calls for 10 ms and more.
 */
const YOUNG_MB = 3;

/** A thread that waits for what the gateway is to begin with. Starting one takes as long as loading the rest of AIOS. */
export function spareGatewayThread(): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url), {
    // Nothing of the orchestrator's environment is needed in there.
    env: {},
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
}
