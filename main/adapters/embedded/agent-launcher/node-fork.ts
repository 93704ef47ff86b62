import { fork } from 'node:child_process';
import type { ForkHost, HostProcess } from '#main/ports/agent-launcher/host-process.ts';

/** Starts hosts as forked Node processes: with `execPath` by that Node, else by this process's own. */
export function nodeFork(execPath?: string): ForkHost {
  return ({ entry, cwd, env }) => {
    const child = fork(entry, [], {
      cwd,
      env,
      execArgv: ['--disable-warning=ExperimentalWarning'],
      serialization: 'json',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Its own group: a Ctrl-C in the orchestrator's terminal is the orchestrator's to handle.
      detached: true,
      ...(execPath === undefined ? {} : { execPath }),
    });
    const ended: HostProcess['ended'] = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
      // A host that never started has no exit of its own.
      child.once('error', () => child.pid === undefined && resolve({ code: null, signal: null }));
    });
    return Promise.resolve({
      pid: child.pid,
      stdout: child.stdout,
      stderr: child.stderr,
      ended,
      onMessage: (listener) => void child.on('message', listener),
      send: (message) => {
        if (child.connected) child.send(message as object, () => undefined);
      },
      terminate: () => {
        if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      },
    });
  };
}
