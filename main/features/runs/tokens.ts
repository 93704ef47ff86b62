import { createHash, randomBytes } from 'node:crypto';
import type { Caller } from '#main/features/tools/index.ts';

/** Secrets of live runs: who presents one is that run. Kept as hashes, in memory only; a restart voids them all. */
export interface RunTokens {
  /** A new token for a run. */
  issue(caller: Caller): string;
  callerOf(token: string): Caller | undefined;
  byRun(run: string): Caller | undefined;
  revoke(run: string): void;
}

const digest = (token: string) => createHash('sha256').update(token).digest('hex');

/** See {@link RunTokens}. */
export function createRunTokens(): RunTokens {
  const byDigest = new Map<string, Caller>();
  return {
    issue(caller) {
      const token = randomBytes(32).toString('base64url');
      byDigest.set(digest(token), caller);
      return token;
    },
    callerOf: (token) => (token.length > 200 ? undefined : byDigest.get(digest(token))),
    byRun: (run) => [...byDigest.values()].find((caller) => caller.run === run),
    revoke(run) {
      for (const [key, caller] of byDigest) if (caller.run === run) byDigest.delete(key);
    },
  };
}
