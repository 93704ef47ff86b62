import { createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '#protocol/contract/index.ts';
import { desktop } from '../platform/desktop.ts';

/** The orchestrator's operations, typed by the contract. */
export type Client = ContractRouterClient<Contract>;

/** An open connection. */
export interface Connection {
  readonly client: Client;
  close(): void;
}

/** Opens the socket to the server this page came from; never to an address from anywhere else. */
function openSocket(): Promise<Connection> {
  const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/rpc`);
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => {
      const client: Client = createORPCClient(new SocketLink({ websocket: socket }));
      resolve({ client, close: () => socket.close() });
    });
    socket.addEventListener('close', () => reject(new Error('The connection was closed.')));
  });
}

/** Connects to the orchestrator: over the shell's port in the desktop, over WebSocket in a browser. */
export async function openConnection(): Promise<Connection> {
  if (!desktop) return openSocket();
  const port = await desktop.openPort();
  port.start();
  return { client: createORPCClient(new PortLink({ port })), close: () => port.close() };
}
