import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { WebSocket } from 'ws';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { Operations } from '#main/server/operations.ts';
import { contract } from '#protocol/contract/index.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { fault } from '#protocol/model/fault-shape.ts';

type Call = (input: unknown, options: { signal: AbortSignal | undefined }) => Promise<unknown>;

const lost = (error: unknown): Fault =>
  faultOf(
    'connection-lost',
    'The connection to the orchestrator ended.',
    error instanceof Error ? error.message : String(error),
    'Look at `aios status`; nothing that was acknowledged is lost.',
  );

function asFault(error: unknown): Fault {
  if (!(error instanceof ORPCError)) return lost(error);
  const known = fault.safeParse(error.data);
  if (known.success) return known.data;
  return faultOf(
    'bad-request',
    'The orchestrator did not take the request.',
    error.message,
    'Check what you entered; `--help` shows what is taken.',
  );
}

const operationOf =
  (call: Call | undefined) =>
  async (input: unknown, signal: AbortSignal | undefined): Promise<Result<unknown, Fault>> => {
    try {
      return ok(await call?.(input, { signal }));
    } catch (error) {
      return err(asFault(error));
    }
  };

/**
 * The contract over a socket, in the shape an orchestrator in this process has, so that callers need not know which
 * they hold. Names come from the contract itself; the types are erased only to walk it.
 */
export function remoteOperations(socket: WebSocket): Operations {
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket });
  const client = createORPCClient(link) as unknown as Record<string, Record<string, Call>>;
  const areas = Object.entries(contract).map(([area, members]) => {
    const calls = Object.keys(members).map((name) => [name, operationOf(client[area]?.[name])] as const);
    return [area, Object.fromEntries(calls)] as const;
  });
  return Object.fromEntries(areas) as unknown as Operations;
}
