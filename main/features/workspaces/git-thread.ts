import { parentPort } from 'node:worker_threads';
import type { GitAnswer, GitOrder } from './git-messages.ts';
import { runProcess } from './git-process.ts';

const port = parentPort;
if (!port) throw new Error('git is started from a thread only');

port.on('message', (order: GitOrder) => {
  void runProcess(order).then((ended) => {
    // Copied once and handed over: small outputs share a pool that cannot be handed over.
    const stdout = new Uint8Array(ended.stdout);
    const answer: GitAnswer = { ...ended, id: order.id, stdout };
    port.postMessage(answer, [stdout.buffer]);
  });
});
