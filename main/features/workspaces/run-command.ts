import { type ChildProcess, spawn } from 'node:child_process';
import { killMarked } from '#main/platform/process-tree.ts';
import type { Command } from '#protocol/agent/containment/index.ts';

/** A set-up or verify command as the user configured and trusted it. */
export interface CommandRequest {
  /** A line for the shell. The only text in AIOS that a shell ever sees. */
  readonly command: string;
  readonly cwd: string;
  /** Variables on top of PATH, LANG, CI and the marker; HOME belongs here. */
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds until everything is killed. */
  readonly timeoutMs: number;
  /** Bytes of output kept; the end is kept, the beginning dropped. */
  readonly outputLimit: number;
  /** Put into the environment to find every process again. The value must belong to this command alone. */
  readonly marker: { readonly name: string; readonly value: string };
  readonly signal?: AbortSignal;
  /** Hears what it writes, as it comes. */
  readonly onOutput?: (chunk: Buffer) => void;
  /** Puts the shell into a sandbox; absent, it runs as it is. */
  readonly contain?: (shell: Command) => Command;
}

/** How a command ended. It passed when `exitCode` is 0. */
export interface CommandOutcome {
  /** Null when a signal ended it, or it could not be started. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  readonly aborted: boolean;
  /** The end of what it wrote, both streams as they came. */
  readonly output: string;
  /** True when the beginning of the output was dropped. */
  readonly truncated: boolean;
  readonly durationMs: number;
  /** Processes that could not be ended; 0 unless the system is in trouble. */
  readonly survivors: number;
}

const KILL_WITHIN_MS = 10_000;
const SEARCH_AGAIN_MS = 100;

/** Keeps the last `limit` bytes of what it is given. */
function tailBuffer(limit: number) {
  let chunks: Buffer[] = [];
  let size = 0;
  let dropped = false;
  const squeeze = () => {
    const kept = Buffer.concat(chunks).subarray(-limit);
    dropped ||= size > limit;
    chunks = [kept];
    size = kept.length;
  };
  return {
    add(chunk: Buffer) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > limit * 2) squeeze();
    },
    end(): { text: string; truncated: boolean } {
      squeeze();
      return { text: (chunks[0] ?? Buffer.alloc(0)).toString('utf8'), truncated: dropped };
    },
  };
}

function environmentOf(request: CommandRequest): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    LANG: process.env['LANG'] ?? 'C.UTF-8',
    CI: '1',
    GIT_TERMINAL_PROMPT: '0',
    ...(process.platform === 'win32' ? { SystemRoot: process.env['SystemRoot'] ?? 'C:\\Windows' } : {}),
    ...request.env,
    [request.marker.name]: request.marker.value,
  };
}

function startShell(request: CommandRequest): ChildProcess {
  const options = {
    cwd: request.cwd,
    env: environmentOf(request),
    stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  };
  if (process.platform !== 'win32') {
    // One pipe for both streams: two would be read in any order.
    const shell = { command: '/bin/sh', args: ['-c', `exec 2>&1\n${request.command}`] };
    const { command, args } = request.contain?.(shell) ?? shell;
    return spawn(command, args, options);
  }
  return spawn('cmd.exe', ['/d', '/s', '/c', `"${request.command}"`], {
    ...options,
    windowsVerbatimArguments: true,
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}

/** Resolves when the shell itself ended; what it started may still hold the pipes. */
function exitOf(child: ChildProcess): Promise<{ code: number | null; signal: string | null; problem: string }> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: null, signal: null, problem: error.message }));
    child.on('exit', (code, signal) => resolve({ code, signal, problem: '' }));
  });
}

/**
 * Kills what carries the marker until the pipes are closed. A process that is just being started has no environment to
 * be found by for a moment, so while somebody holds a pipe the search is made again.
 */
async function endMarked(request: CommandRequest, closed: Promise<unknown>): Promise<number> {
  const deadline = performance.now() + KILL_WITHIN_MS;
  const done = closed.then(() => true);
  for (;;) {
    const survivors = await killMarked(request.marker.name, [request.marker.value], KILL_WITHIN_MS);
    const pause = new Promise<false>((resolve) => setTimeout(() => resolve(false), SEARCH_AGAIN_MS).unref());
    if (survivors > 0 || (await Promise.race([done, pause])) || performance.now() > deadline) return survivors;
  }
}

/**
 * Runs a command of the user through the shell, in a process group of its own and an environment built from nothing.
 * When it ends, times out or is aborted, every process that carries its marker is killed, background and daemonised ones
 * included, before this resolves. Never rejects: a command that cannot start ends with `exitCode` null and says why.
 */
export async function runCommand(request: CommandRequest): Promise<CommandOutcome> {
  const started = performance.now();
  const tail = tailBuffer(request.outputLimit);
  const child = startShell(request);
  const closed = new Promise((resolve) => child.on('close', resolve));
  const hear = (chunk: Buffer) => {
    tail.add(chunk);
    request.onOutput?.(chunk);
  };
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', hear);
  let timedOut = false;
  const onTime = () => {
    timedOut = true;
    killGroup(child);
  };
  const onAbort = () => killGroup(child);
  const timer = setTimeout(onTime, request.timeoutMs);
  request.signal?.addEventListener('abort', onAbort, { once: true });
  if (request.signal?.aborted) onAbort();
  const { code, signal, problem } = await exitOf(child);
  clearTimeout(timer);
  request.signal?.removeEventListener('abort', onAbort);
  const survivors = await endMarked(request, problem === '' ? closed : Promise.resolve());
  // With everything gone the pipes close by themselves and the last output is in; a survivor must not hold us.
  for (const stream of [child.stdout, child.stderr]) stream?.destroy();
  const { text, truncated } = tail.end();
  const aborted = request.signal?.aborted ?? false;
  const durationMs = Math.round(performance.now() - started);
  return {
    exitCode: code,
    signal,
    timedOut,
    aborted,
    output: text || problem,
    truncated,
    durationMs,
    survivors,
  };
}
