import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** The variable that every process of a run inherits. */
export const RUN_MARKER = 'AIOS_RUN';

async function carries(pid: number, entry: string): Promise<boolean> {
  try {
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1');
    return environment.split('\0').includes(entry);
  } catch {
    return false;
  }
}

async function fromProc(entry: string): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => Number.isInteger(pid) && pid > 1);
  const carriers = await Promise.all(pids.map(async (pid) => ((await carries(pid, entry)) ? pid : 0)));
  return carriers.filter((pid) => pid > 0);
}

async function fromPs(entry: string): Promise<number[]> {
  const { stdout } = await execute('ps', ['-axEww', '-o', 'pid=,command='], { maxBuffer: 64 * 1024 * 1024 });
  const lines = stdout.split('\n').filter((line) => ` ${line} `.includes(` ${entry} `));
  return lines.map((line) => Number.parseInt(line, 10)).filter((pid) => pid > 1);
}

/** Process ids that carry this run's marker, without our own. Empty on Windows, where a job object does this. */
async function othersOf(run: string): Promise<number[]> {
  if (process.platform === 'win32') return [];
  const entry = `${RUN_MARKER}=${run}`;
  const pids = process.platform === 'linux' ? await fromProc(entry) : await fromPs(entry);
  return pids.filter((pid) => pid !== process.pid);
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone between the scan and the signal.
  }
}

/**
 * Kills everything that carries the run's marker, except this process, until none is left or the time is over.
 * Claude's shell starts a session of its own, so killing a process group would not reach it. Resolves with what is left.
 */
export async function killOthersOf(run: string, withinMs: number): Promise<number> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const pids = await othersOf(run);
    if (pids.length === 0 || performance.now() > deadline) return pids.length;
    pids.forEach(killQuietly);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
