import { RPCHandler } from '@orpc/server/message-port';
import type { ClientPort } from '#main/index.ts';
import { checkFrame } from '../http/frame.ts';
import { createRouter } from '../http/router.ts';
import type { Operations } from '../operations.ts';

type Listener = (event?: { data: unknown }) => void;

/** The library's view of a port: only frames that passed the check reach it. */
function checked(port: ClientPort) {
  return {
    postMessage: (data: unknown) => port.postMessage(data),
    on(event: string, listener: Listener) {
      if (event !== 'message') return port.on('close', () => listener());
      port.on('message', ({ data }) => {
        if (typeof data !== 'string') return;
        const frame = checkFrame(data);
        if (frame.ok) listener({ data: frame.text });
        else port.postMessage(frame.answer);
      });
    },
  };
}

/** Serves the contract to a window of the desktop shell: the same procedures and checks as over WebSocket. */
export function createPortServer(operations: Operations): (port: ClientPort) => void {
  const handler = new RPCHandler(createRouter(operations));
  return (port) => {
    handler.upgrade(checked(port));
    port.start();
  };
}
