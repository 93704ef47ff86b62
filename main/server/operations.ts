import type { InferContractRouterInputs, InferContractRouterOutputs } from '@orpc/contract';
import type { Result } from '#main/platform/result.ts';
import type { Contract } from '#protocol/contract/index.ts';
import type { Fault } from '#protocol/model/fault.ts';

type Inputs = InferContractRouterInputs<Contract>;
type Outputs = InferContractRouterOutputs<Contract>;

/** One operation of the contract, as the orchestrator implements it: expected failures are values. */
export type Operation<A extends keyof Contract, K extends keyof Contract[A]> = (
  input: K extends keyof Inputs[A] ? Inputs[A][K] : never,
  signal: AbortSignal | undefined,
) => Promise<Result<K extends keyof Outputs[A] ? Outputs[A][K] : never, Fault>>;

/** The whole contract as functions: what the server exposes and the command line calls. */
export type Operations = { readonly [A in keyof Contract]: { readonly [K in keyof Contract[A]]: Operation<A, K> } };
