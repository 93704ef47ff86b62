import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** A live process that carries a marker in its environment. */
export interface MarkedProcess {
  readonly pid: number;
  /** The marker's value. */
  readonly value: string;
  /** When it started, in the system's own notation; together with the pid it names one process for ever. */
  readonly startTime: string;
}

/** Memory and CPU time of some processes together. */
export interface Footprint {
  readonly residentBytes: number;
  /** Seconds of CPU used so far by those alive now. */
  readonly cpuSeconds: number;
}

interface ProcessStat {
  readonly parent: number;
  readonly startTime: string;
  readonly cpuTicks: number;
  readonly residentPages: number;
}

const SCAN_PAUSE_MS = 20;
/** What Linux and the BSDs have used for decades on every platform Node supports. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

/** Reads `/proc/<pid>/stat`; null when the process is gone or only waits to be collected. */
async function statOf(pid: number): Promise<ProcessStat | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => null);
  if (text === null) return null;
  // The command name may contain anything, spaces and brackets included; the fields start after its last bracket.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return null;
  return {
    parent: Number(fields[1]),
    cpuTicks: Number(fields[11]) + Number(fields[12]),
    startTime: fields[19] ?? '',
    residentPages: Number(fields[21]),
  };
}

async function markedInProc(pid: number, name: string): Promise<MarkedProcess | null> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  const entry = environment.split('\0').find((each) => each.startsWith(`${name}=`));
  if (entry === undefined) return null;
  const stat = await statOf(pid);
  return stat && { pid, value: entry.slice(name.length + 1), startTime: stat.startTime };
}

async function allPids(): Promise<number[]> {
  const names = await readdir('/proc');
  return names.map(Number).filter((pid) => Number.isInteger(pid) && pid > 1 && pid !== process.pid);
}

async function findInProc(name: string): Promise<MarkedProcess[]> {
  const pids = await allPids();
  const found = await Promise.all(pids.map((pid) => markedInProc(pid, name)));
  return found.filter((each) => each !== null);
}

async function findWithPs(name: string): Promise<MarkedProcess[]> {
  const args = ['-axEww', '-o', 'pid=,lstart=,command='];
  const { stdout } = await execute('ps', args, {
    maxBuffer: 64 * 1024 * 1024,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
  });
  return stdout.split('\n').flatMap((line) => {
    const [, pid = '', startTime = '', rest = ''] = /^\s*(\d+)\s+(\w+ +\w+ +\d+ [\d:]+ \d+)\s+(.*)$/.exec(line) ?? [];
    const value = rest
      .split(' ')
      .find((word) => word.startsWith(`${name}=`))
      ?.slice(name.length + 1);
    return value === undefined || Number(pid) === process.pid ? [] : [{ pid: Number(pid), value, startTime }];
  });
}

/**
 * Lists live processes that carry the environment variable `name`, except this process: those the variable was given to
 * and everything they started, sessions of their own included. Empty on Windows, where a job object does this.
 */
export async function findMarked(name: string): Promise<MarkedProcess[]> {
  if (process.platform === 'win32') return [];
  return process.platform === 'linux' ? findInProc(name) : findWithPs(name);
}

/** Children, at any depth, of the given processes that dropped the marker from their environment. */
async function descendantsOf(marked: readonly MarkedProcess[]): Promise<MarkedProcess[]> {
  if (process.platform !== 'linux' || marked.length === 0) return [];
  const pids = await allPids();
  const stats = await Promise.all(pids.map(async (pid) => ({ pid, stat: await statOf(pid) })));
  const owners = new Map(marked.map((each) => [each.pid, each.value]));
  const found: MarkedProcess[] = [];
  for (let grown = true; grown; ) {
    grown = false;
    for (const { pid, stat } of stats) {
      const value = stat ? owners.get(stat.parent) : undefined;
      if (!stat || value === undefined || owners.has(pid)) continue;
      owners.set(pid, value);
      found.push({ pid, value, startTime: stat.startTime });
      grown = true;
    }
  }
  return found;
}

async function killIfSame(target: MarkedProcess): Promise<void> {
  // The number may belong to another process by now.
  if (process.platform === 'linux' && (await statOf(target.pid))?.startTime !== target.startTime) return;
  try {
    process.kill(target.pid, 'SIGKILL');
  } catch {
    // Gone between the scan and the signal.
  }
}

/**
 * Kills every process whose marker `name` has one of these values, and their children, again and again until none is left
 * or `withinMs` milliseconds are over. Resolves with how many are left; 0 means all are gone. The values must belong to
 * this piece of work alone.
 */
export async function killMarked(name: string, values: readonly string[], withinMs: number): Promise<number> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const marked = (await findMarked(name)).filter((each) => values.includes(each.value));
    if (marked.length === 0) return 0;
    if (performance.now() > deadline) return marked.length;
    const children = await descendantsOf(marked);
    await Promise.all([...marked, ...children].map(killIfSame));
    await new Promise((resolve) => setTimeout(resolve, SCAN_PAUSE_MS));
  }
}

async function footprintWithPs(pids: readonly number[]): Promise<Footprint> {
  const args = ['-o', 'rss=,time=', '-p', pids.join(',')];
  const { stdout } = await execute('ps', args).catch(() => ({ stdout: '' }));
  let residentBytes = 0;
  let cpuSeconds = 0;
  for (const line of stdout.split('\n')) {
    const [rss = '0', time = '0'] = line.trim().split(/\s+/);
    residentBytes += Number(rss) * 1024;
    cpuSeconds += time.split(/[:-]/).reduce((total, part) => total * 60 + (Number(part) || 0), 0);
  }
  return { residentBytes, cpuSeconds };
}

/** Adds up the resident memory and CPU time of processes; those that are gone count nothing. Zero on Windows. */
export async function footprintOf(pids: readonly number[]): Promise<Footprint> {
  if (process.platform === 'win32' || pids.length === 0) return { residentBytes: 0, cpuSeconds: 0 };
  if (process.platform !== 'linux') return footprintWithPs(pids);
  const stats = (await Promise.all(pids.map(statOf))).filter((stat) => stat !== null);
  return {
    residentBytes: stats.reduce((total, stat) => total + stat.residentPages, 0) * PAGE_BYTES,
    cpuSeconds: stats.reduce((total, stat) => total + stat.cpuTicks, 0) / TICKS_PER_SECOND,
  };
}
