import { type AnyRouter, implement, ORPCError } from '@orpc/server';
import type { Result } from '#main/platform/result.ts';
import type { Operations } from '#main/server/operations.ts';
import { contract } from '#protocol/contract/index.ts';
import type { Fault } from '#protocol/model/fault.ts';

type ErasedOperation = (input: unknown, signal: AbortSignal | undefined) => Promise<Result<unknown, Fault>>;
type HandlerInput = { readonly input: unknown; readonly signal?: AbortSignal | undefined };
type ErasedBuilder = { handler(run: (call: HandlerInput) => Promise<unknown>): AnyRouter };

/** An expected failure as it crosses the wire: the contract's one error, with the fault as its data. */
export function refused(fault: Fault): ORPCError<'REFUSED', Fault> {
  return new ORPCError('REFUSED', { defined: true, status: 409, message: fault.what, data: fault });
}

function handlerOf(operation: ErasedOperation) {
  return async ({ input, signal }: HandlerInput) => {
    const result = await operation(input, signal);
    if (!result.ok) throw refused(result.error);
    return result.value;
  };
}

/**
 * The contract with every operation behind it. `Operations` is derived from the contract, so the pairing by name is
 * what the compiler has already checked; the types are erased only to walk both trees at once.
 */
export function createRouter(operations: Operations): AnyRouter {
  const builders = implement(contract) as unknown as Record<string, Record<string, ErasedBuilder>>;
  const areas = Object.entries(operations as unknown as Record<string, Record<string, ErasedOperation>>);
  const routed = areas.map(([area, members]) => {
    const procedures = Object.entries(members).flatMap(([name, operation]) => {
      const builder = builders[area]?.[name];
      return builder ? [[name, builder.handler(handlerOf(operation))] as const] : [];
    });
    return [area, Object.fromEntries(procedures)] as const;
  });
  return Object.fromEntries(routed) as AnyRouter;
}
