import { createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '#protocol/contract/index.ts';
import { desktop } from '../platform/desktop.ts';
import { newSocket, takeFirstSocket } from './early.ts';

/** The orchestrator's operations, typed by the contract. */
export type Client = ContractRouterClient<Contract>;

/** An open connection. */
export interface Connection {
  readonly client: Client;
  close(): void;
}

function openSocket(): Promise<Connection> {
  const socket = takeFirstSocket() ?? newSocket();
  return new Promise((resolve, reject) => {
    const opened = () => {
      const client: Client = createORPCClient(new SocketLink({ websocket: socket }));
      resolve({ client, close: () => socket.close() });
    };
    const closed = () => reject(new Error('The connection was closed.'));
    if (socket.readyState === WebSocket.OPEN) opened();
    else if (socket.readyState === WebSocket.CONNECTING) socket.addEventListener('open', opened);
    else closed();
    socket.addEventListener('close', closed);
  });
}

/** Connects to the orchestrator: over the shell's port in the desktop, over WebSocket in a browser. */
export async function openConnection(): Promise<Connection> {
  if (!desktop) return openSocket();
  const port = await desktop.openPort();
  port.start();
  return { client: createORPCClient(new PortLink({ port })), close: () => port.close() };
}
