import { setPriority } from 'node:os';
import { ipcChannel, type ParentPort, portChannel } from './channel.ts';
import { drivers } from './drivers/index.ts';
import { startHost } from './host.ts';
import { killOthersOf, RUN_MARKER } from './marked-processes.ts';

const NICE = 5;
const KILL_WITHIN_MS = 3000;
/** A port tells nobody when its last message has left. */
const LINGER_MS = 100;

/** Agents give way to the orchestrator and to the user; what the host starts inherits it. */
function giveWay(): void {
  try {
    setPriority(NICE);
  } catch {
    // A container may forbid it; slower screens are the only consequence.
  }
}

function main(): void {
  giveWay();
  const { parentPort } = process as { readonly parentPort?: ParentPort };
  const host = startHost(parentPort ? portChannel(parentPort) : ipcChannel(process), {
    drivers,
    // A host that was started ahead carries a marker of its own.
    adopt(run) {
      process.env[RUN_MARKER] = run;
      // Lists of processes show whose host it is.
      process.title = `aios agent-host ${run}`;
    },
    endProcesses: async (run) => {
      const left = await killOthersOf(run, KILL_WITHIN_MS);
      if (left > 0) process.stderr.write(`${left} processes of the run could not be ended\n`);
    },
    exit: (code) => void (parentPort ? setTimeout(() => process.exit(code), LINGER_MS) : process.exit(code)),
    log: (line) => process.stderr.write(`${line}\n`),
  });
  process.on('SIGTERM', () => void host.stop());
  process.on('SIGINT', () => void host.stop());
  process.on('uncaughtException', (error) => void host.crash(error));
  process.on('unhandledRejection', (error) => void host.crash(error));
}

main();
