import { hash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '#main/platform/clock.ts';
import type { RunAdmission } from './types.ts';

/** A run that is admitted, as calls see it. */
export interface AdmittedRun {
  readonly run: string;
  readonly upstream: string;
  /** Aborted when the token is revoked: every call of the run ends. */
  readonly revoked: AbortSignal;
}

/** The runs that may call; see {@link createRunRegistry}. */
export interface RunRegistry {
  admit(admission: RunAdmission): void;
  /** Returns the run whose token it was. */
  revoke(token: string): string | undefined;
  find(token: string): AdmittedRun | undefined;
  hold(run: string): void;
  release(run: string): void;
  /** Resolves true when the run may call, false when it was held too long or the signal aborted. */
  released(run: string, signal: AbortSignal): Promise<boolean>;
}

interface Entry extends AdmittedRun {
  readonly digest: Buffer;
  readonly controller: AbortController;
}

function digestOf(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

/** Keeps only digests of tokens: a look-up by digest takes the same time whatever was guessed. */
export function createRunRegistry(clock: Clock, holdMs: number): RunRegistry {
  const entries = new Map<string, Entry>();
  const waiting = new Map<string, Set<() => void>>();
  const find = (token: string): Entry | undefined => {
    const digest = digestOf(token);
    const entry = entries.get(digest.toString('hex'));
    return entry && timingSafeEqual(entry.digest, digest) ? entry : undefined;
  };
  return {
    find,
    admit({ run, token, upstream }) {
      const digest = digestOf(token);
      const controller = new AbortController();
      entries.set(digest.toString('hex'), { run, upstream, digest, controller, revoked: controller.signal });
    },
    revoke(token) {
      const entry = find(token);
      if (!entry) return undefined;
      entries.delete(entry.digest.toString('hex'));
      entry.controller.abort();
      return entry.run;
    },
    hold(run) {
      if (!waiting.has(run)) waiting.set(run, new Set());
    },
    release(run) {
      const waiters = waiting.get(run);
      waiting.delete(run);
      for (const go of waiters ?? []) go();
    },
    released(run, signal) {
      const waiters = waiting.get(run);
      if (!waiters) return Promise.resolve(true);
      if (signal.aborted) return Promise.resolve(false);
      return new Promise((resolve) => {
        const finish = (may: boolean) => {
          waiters.delete(go);
          cancelTimer();
          signal.removeEventListener('abort', stop);
          resolve(may);
        };
        const go = () => finish(true);
        const stop = () => finish(false);
        const cancelTimer = clock.after(holdMs, stop);
        waiters.add(go);
        signal.addEventListener('abort', stop, { once: true });
      });
    },
  };
}
