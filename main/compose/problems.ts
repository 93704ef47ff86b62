import type { EngineProblem } from '#main/engine/engine.ts';

/** What went wrong inside and is not over: shown in status and health, newest last, a hundred at most. */
export interface Problems {
  report(problem: EngineProblem | string): void;
  list(): readonly string[];
}

function sentence(problem: EngineProblem | string): string {
  if (typeof problem === 'string') return problem;
  if (problem.kind === 'effect-threw')
    return `${problem.effect} (${problem.order}) failed unexpectedly: ${problem.message}`;
  return problem.recovered ? 'The store failed, was reopened and is well.' : `The store failed: ${problem.message}`;
}

/** See {@link Problems}. `log` also gets each as it comes. */
export function createProblems(log: (sentence: string) => void): Problems {
  const kept: string[] = [];
  return {
    report(problem) {
      const text = sentence(problem);
      log(text);
      kept.push(text);
      if (kept.length > 100) kept.shift();
    },
    list: () => [...kept],
  };
}
