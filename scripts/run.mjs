// Runs a task of scripts/tasks.mjs under Node 24, installing what is missing first. Works from any Node from 18 on.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { become, prepare, ROOT, withNodeFirst } from './bootstrap.mjs';
import { runSteps, totals } from './steps.mjs';
import { checkSteps, PROGRAMS, TEST } from './tasks.mjs';

/** Every step is run and timed; what a failing one printed is shown whole. */
async function check(options) {
  const sayEnd = ({ name, code, output, seconds }) => {
    console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name.padEnd(20)} ${seconds.toFixed(1).padStart(6)} s`);
    if (code !== 0) console.log(output.trimEnd().replace(/^/gm, '     '));
  };
  const results = await runSteps(checkSteps(ROOT), options, sayEnd);
  const failed = results.filter((result) => result.code !== 0);
  console.log(
    failed.length === 0
      ? 'All checks passed.'
      : `${failed.length} of ${results.length} checks failed: ${failed.map((result) => result.name).join(', ')}.`,
  );
  return failed.length === 0 ? 0 : 1;
}

/** Vitest's own report, then its totals on one plain line. */
async function test(args, node, options) {
  const folder = mkdtempSync(join(tmpdir(), 'aios-test-'));
  const report = join(folder, 'report.json');
  const [, ...rest] = TEST;
  const code = await become(
    node,
    [...rest, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args],
    options,
  );
  try {
    console.log(totals(JSON.parse(readFileSync(report, 'utf8'))));
  } catch {
    console.log('0 passed, 0 failed, 0 skipped (vitest ended before its report)');
  }
  rmSync(folder, { recursive: true, force: true });
  return code;
}

async function run(task, args) {
  const names = ['test', 'check', ...Object.keys(PROGRAMS)];
  if (!names.includes(task)) {
    console.error(`There is no task "${task ?? ''}". The tasks are: ${names.join(', ')}.`);
    return 2;
  }
  const node = prepare();
  const options = { cwd: ROOT, env: withNodeFirst(node) };
  if (task === 'check') return check(options);
  if (task === 'test') return test(args, node, options);
  const [, ...rest] = PROGRAMS[task];
  return become(node, [...rest, ...args], options);
}

const [task, ...args] = process.argv.slice(2);
process.exitCode = await run(task, args);
