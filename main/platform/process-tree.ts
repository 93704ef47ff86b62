import { execFile } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
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

/** Longest that a look at all processes holds the loop at a time, milliseconds. */
const SLICE_MS = 2;

let room = Buffer.allocUnsafe(64 * 1024);

/**
 * A file of `/proc`, valid until the next is read; null when the process is gone. They are made as they are read, from
 * memory: by way of the thread pool each of a hundred would cost ten times as much.
 */
function readProc(path: string): Buffer | null {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    for (let size = 0; ; ) {
      const read = readSync(file, room, size, room.length - size, null);
      if (read === 0) return room.subarray(0, size);
      size += read;
      if (size === room.length) room = Buffer.concat([room, Buffer.allocUnsafe(size)]);
    }
  } catch {
    return null;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Reads `/proc/<pid>/stat`; null when the process is gone or only waits to be collected. */
function statOf(pid: number): ProcessStat | null {
  const text = readProc(`/proc/${pid}/stat`)?.toString('latin1');
  if (text === undefined) return null;
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

/** The value of a variable in what `environ` has: `name=value` after `name=value`, each ended by a zero byte. */
function valueIn(environment: Buffer, name: string): string | null {
  const wanted = `${name}=`;
  for (let at = environment.indexOf(wanted); at >= 0; at = environment.indexOf(wanted, at + 1)) {
    if (at > 0 && environment[at - 1] !== 0) continue;
    const end = environment.indexOf(0, at);
    return environment.toString('utf8', at + wanted.length, end < 0 ? environment.length : end);
  }
  return null;
}

function markedInProc(pid: number, name: string): MarkedProcess | null {
  const environment = readProc(`/proc/${pid}/environ`);
  const value = environment && valueIn(environment, name);
  if (value === null) return null;
  const stat = statOf(pid);
  return stat && { pid, value, startTime: stat.startTime };
}

/** Looks at every other process, with a turn for others in between. */
async function lookAtAll<T>(look: (pid: number) => T | null): Promise<T[]> {
  const pids = (await readdir('/proc')).map(Number);
  const found: T[] = [];
  let began = performance.now();
  for (const pid of pids) {
    if (!Number.isInteger(pid) || pid <= 1 || pid === process.pid) continue;
    const seen = look(pid);
    if (seen !== null) found.push(seen);
    if (performance.now() - began < SLICE_MS) continue;
    await nextTurn();
    began = performance.now();
  }
  return found;
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
  return process.platform === 'linux' ? lookAtAll((pid) => markedInProc(pid, name)) : findWithPs(name);
}

/** Children, at any depth, of the given processes that dropped the marker from their environment. */
async function descendantsOf(marked: readonly MarkedProcess[]): Promise<MarkedProcess[]> {
  if (process.platform !== 'linux' || marked.length === 0) return [];
  const stats = await lookAtAll((pid) => {
    const stat = statOf(pid);
    return stat && { pid, stat };
  });
  const owners = new Map(marked.map((each) => [each.pid, each.value]));
  const found: MarkedProcess[] = [];
  for (let grown = true; grown; ) {
    grown = false;
    for (const { pid, stat } of stats) {
      const value = owners.get(stat.parent);
      if (value === undefined || owners.has(pid)) continue;
      owners.set(pid, value);
      found.push({ pid, value, startTime: stat.startTime });
      grown = true;
    }
  }
  return found;
}

function killIfSame(target: MarkedProcess): void {
  // The number may belong to another process by now.
  if (process.platform === 'linux' && statOf(target.pid)?.startTime !== target.startTime) return;
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
    for (const each of [...marked, ...children]) killIfSame(each);
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
  const stats = pids.map(statOf).filter((stat) => stat !== null);
  return {
    residentBytes: stats.reduce((total, stat) => total + stat.residentPages, 0) * PAGE_BYTES,
    cpuSeconds: stats.reduce((total, stat) => total + stat.cpuTicks, 0) / TICKS_PER_SECOND,
  };
}
