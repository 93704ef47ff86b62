import type { ProcessEnd, ProcessOrder } from './run-process.ts';

/** A Node program to fork, with a line to it. */
export interface ForkOrder {
  /** Absolute path. */
  readonly entry: string;
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How a forked program ended, with the end of what it wrote to stderr. */
export interface ForkEnd {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stderr: string;
}

/** What the spawner is told; `id` names one process. */
export type ToSpawner =
  | { readonly kind: 'run'; readonly id: number; readonly order: ProcessOrder }
  | { readonly kind: 'fork'; readonly id: number; readonly order: ForkOrder }
  | { readonly kind: 'say'; readonly id: number; readonly message: unknown };

/** What it tells. `ran` and `ended` are the last of an id. */
export type FromSpawner =
  | { readonly kind: 'ran'; readonly id: number; readonly end: ProcessEnd }
  | { readonly kind: 'forked'; readonly id: number; readonly pid: number }
  | { readonly kind: 'heard'; readonly id: number; readonly message: unknown }
  | { readonly kind: 'ended'; readonly id: number; readonly end: ForkEnd };
