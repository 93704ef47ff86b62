import { spawn } from 'node:child_process';

/** Runs one step to its end, keeping what it prints. Never throws. */
export function runStep(step, options) {
  const started = performance.now();
  const [command, ...args] = step.command;
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (chunk) => {
      output += chunk;
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const end = (code) => resolve({ name: step.name, code, output, seconds: (performance.now() - started) / 1000 });
    child.on('error', (error) => {
      output += error.message;
      end(1);
    });
    child.on('close', (code) => end(code ?? 1));
  });
}

/** Runs steps in order, those of one group at the same time; all run whatever fails. `onEnd` hears of each. */
export async function runSteps(steps, options, onEnd) {
  const results = [];
  for (let at = 0; at < steps.length; ) {
    const group = steps[at].group;
    const until = group === undefined ? at + 1 : at + steps.slice(at).filter((step) => step.group === group).length;
    const batch = steps.slice(at, until).map(async (step) => {
      const result = await runStep(step, options);
      onEnd(result);
      return result;
    });
    results.push(...(await Promise.all(batch)));
    at = until;
  }
  return results;
}

/** `N passed, N failed, N skipped`, from vitest's JSON report. */
export function totals(report) {
  const skipped = (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0);
  return `${report.numPassedTests ?? 0} passed, ${report.numFailedTests ?? 0} failed, ${skipped} skipped`;
}
