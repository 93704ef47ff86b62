import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '#protocol/contract/index.ts';

/** The orchestrator's operations, typed by the contract. */
export type Client = ContractRouterClient<Contract>;

/** An open connection. */
export interface Connection {
  readonly client: Client;
  close(): void;
}

/** Opens the socket to the server this page came from; never to an address from anywhere else. */
export function openConnection(): Promise<Connection> {
  const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/rpc`);
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => {
      const client: Client = createORPCClient(new RPCLink({ websocket: socket }));
      resolve({ client, close: () => socket.close() });
    });
    socket.addEventListener('close', () => reject(new Error('The connection was closed.')));
  });
}
