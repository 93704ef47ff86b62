import { createInterface } from 'node:readline';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { type GitCall, startGit } from './git.ts';

/** Refs of a repository held locked at known values until {@link commit} or {@link abort}. */
export interface RefTransaction {
  /** Moves the refs. Fails with `branch-moved`. */
  commit(): Promise<Result<void, Fault>>;
  /** Lets go of the refs unchanged. */
  abort(): Promise<void>;
}

/** A ref to move: from a known commit, or created when `from` is null. */
export interface RefMove {
  readonly ref: string;
  readonly to: string;
  readonly from: string | null;
}

function moved(why: string): Fault {
  return faultOf(
    'branch-moved',
    'The branch moved while the work was brought to it.',
    why.trim().slice(0, 500) || 'Another program holds it.',
    'Try again.',
  );
}

function line({ ref, to, from }: RefMove): string {
  return from === null ? `create ${ref} ${to}` : `update ${ref} ${to} ${from}`;
}

/**
 * Locks refs at the values they have, so that nobody else moves them until the transaction ends. When this process dies
 * git lets go of them. Fails with `branch-moved` when a ref has another value or is held by someone else.
 */
export async function lockRefs(
  call: GitCall,
  moves: readonly RefMove[],
  reason: string,
): Promise<Result<RefTransaction, Fault>> {
  const running = startGit(['update-ref', '--create-reflog', '-m', reason, '--stdin'], call);
  const answers = createInterface({ input: running.stdout });
  const lines = answers[Symbol.asyncIterator]();
  const answered = async (expected: string): Promise<boolean> => {
    for (;;) {
      const next = await lines.next();
      if (next.done) return false;
      if (next.value === expected) return true;
    }
  };
  running.stdin.write(['start', ...moves.map(line), 'prepare', ''].join('\n'));
  if (!(await answered('prepare: ok'))) {
    running.stdin.end();
    return err(moved((await running.ended).stderr));
  }
  const finish = async (word: string): Promise<Result<void, Fault>> => {
    running.stdin.end(`${word}\n`);
    const done = await answered(`${word}: ok`);
    const { stderr } = await running.ended;
    return done ? ok(undefined) : err(moved(stderr));
  };
  return ok({
    commit: () => finish('commit'),
    abort: async () => {
      await finish('abort');
    },
  });
}
