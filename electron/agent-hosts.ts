import { utilityProcess } from 'electron';
import type { ForkHost, HostProcess } from '#main/index.ts';

/** Starts agent-hosts as utility processes: the shell itself cannot be run as Node. */
export const forkUtility: ForkHost = ({ entry, cwd, env }) => {
  const child = utilityProcess.fork(entry, [], {
    cwd,
    env,
    serviceName: 'AIOS agent',
    stdio: ['ignore', 'pipe', 'pipe'],
    // What an agent does is not asked for in the name of AIOS.
    disclaim: true,
    allowLoadingUnsignedLibraries: false,
  });
  let gone = false;
  const ended: HostProcess['ended'] = new Promise((resolve) => {
    child.once('exit', (code) => {
      gone = true;
      resolve({ code, signal: null });
    });
  });
  const host = (): HostProcess => ({
    pid: child.pid,
    stdout: child.stdout as HostProcess['stdout'],
    stderr: child.stderr as HostProcess['stderr'],
    ended,
    onMessage: (listener) => void child.on('message', listener),
    send: (message) => {
      if (!gone) child.postMessage(message);
    },
    terminate: () => void child.kill(),
  });
  // Its process id is known when it runs; what never runs has ended.
  return new Promise((resolve) => {
    child.once('spawn', () => resolve(host()));
    void ended.then(() => resolve(host()));
  });
};
