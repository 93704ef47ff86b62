import { hash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '#main/platform/clock.ts';
import { createEndSource, type EndSignal, type EndSource } from './end-signal.ts';
import type { RunAdmission } from './types.ts';

/** A run that is admitted, as calls see it. */
export interface AdmittedRun {
  readonly run: string;
  readonly upstream: string;
  /** Aborted when the token is revoked: every call of the run ends. */
  readonly revoked: EndSignal;
}

/** The runs that may call; see {@link createRunRegistry}. */
export interface RunRegistry {
  admit(admission: RunAdmission): void;
  /** Returns the run whose token it was. */
  revoke(token: string): string | undefined;
  find(token: string): AdmittedRun | undefined;
  /** A `find` of which each connection remembers the last answer: it costs a twentieth of a call, and an agent asks for the same. */
  finder(): (token: string) => AdmittedRun | undefined;
  hold(run: string): void;
  release(run: string): void;
  /** Resolves true when the run may call, false when it was held too long or the signal aborted. */
  released(run: string, signal: EndSignal): Promise<boolean>;
}

interface Entry extends AdmittedRun {
  readonly digest: Buffer;
  readonly revoked: EndSource;
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
  let version = 0;
  return {
    find,
    finder() {
      let last: { readonly token: string; readonly version: number; readonly run: AdmittedRun | undefined } | undefined;
      return (token) => {
        if (last?.token !== token || last.version !== version) last = { token, version, run: find(token) };
        return last.run;
      };
    },
    admit({ run, token, upstream }) {
      const digest = digestOf(token);
      version += 1;
      entries.set(digest.toString('hex'), { run, upstream, digest, revoked: createEndSource() });
    },
    revoke(token) {
      const entry = find(token);
      if (!entry) return undefined;
      entries.delete(entry.digest.toString('hex'));
      version += 1;
      entry.revoked.abort();
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
          signal.offAbort(stop);
          resolve(may);
        };
        const go = () => finish(true);
        const stop = () => finish(false);
        const cancelTimer = clock.after(holdMs, stop);
        waiters.add(go);
        signal.onAbort(stop);
      });
    },
  };
}
