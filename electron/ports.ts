import { MessageChannelMain, type WebFrameMain } from 'electron';
import type { Orchestrator } from '#main/index.ts';

/** Makes a channel to the orchestrator and hands its other end to a frame, with the token it asked with. */
export function handOverPort(orchestrator: Orchestrator, frame: WebFrameMain, token: string): void {
  const { port1, port2 } = new MessageChannelMain();
  orchestrator.connect(port1);
  frame.postMessage('aios:port', token, [port2]);
}
