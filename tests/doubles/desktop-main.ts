/**
 * Runs the built shell in plain Node, with the stand-in for Electron: first run, demo crew, merged, accepted, quit.
 * Arguments: the built entry. Prints what happened as JSON.
 */
import { fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { registerHooks } from 'node:module';
import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '#protocol/contract/index.ts';
import type { MessagePortMain } from '../electron/stand-in.ts';

const STAND_IN = new URL('../electron/stand-in.ts', import.meta.url).href;
const WITHIN_MS = 150_000;
/** Gives a forked Node the port that a utility process has. */
const PORT = `data:text/javascript,process.parentPort={on:(n,l)=>process.on('message',data=>l({data})),postMessage:m=>process.send(m)}`;

registerHooks({
  resolve: (specifier, context, next) => next(specifier === 'electron' ? STAND_IN : specifier, context),
});
const { app, stage, utilityProcess } = await import('../electron/stand-in.ts');

/** A utility process of Electron, played by a forked Node. */
class Utility extends EventEmitter {
  readonly child;
  constructor(entry: string, options: Record<string, unknown>) {
    super();
    const { cwd, env } = options as { readonly cwd: string; readonly env: NodeJS.ProcessEnv };
    this.child = fork(entry, [], { cwd, env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: ['--import', PORT] });
    this.child.on('spawn', () => this.emit('spawn'));
    this.child.on('message', (message) => this.emit('message', message));
    this.child.on('exit', (code) => this.emit('exit', code ?? 1));
  }
  get pid() {
    return this.child.pid;
  }
  get stdout() {
    return this.child.stdout;
  }
  get stderr() {
    return this.child.stderr;
  }
  postMessage = (message: unknown) => void (this.child.connected && this.child.send(message as object));
  kill = () => this.child.kill();
}
let hosts = 0;
utilityProcess.fork = (entry, _, options) => {
  hosts += 1;
  return new Utility(entry, options) as never;
};

async function until<T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<T>> {
  const end = Date.now() + WITHIN_MS;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`there was no ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

await import(pathToFileURL(argv[2] ?? '').href);
const window = await until('window', () => stage.windows[0]);
const ports: MessagePortMain[] = [];
await stage.handlers.get('aios:port')?.(
  {
    sender: window.webContents,
    senderFrame: {
      parent: null,
      url: window.url,
      postMessage: (_: string, __: string, given: MessagePortMain[]) => ports.push(...given),
    },
  },
  '00000000-0000-4000-8000-000000000000',
);
const [port] = ports;
if (!port) throw new Error('no port came');
port.start();
const client: ContractRouterClient<Contract> = createORPCClient(new RPCLink({ port }));
const demo = await client.setup.demo({ script: 'solo' });
const goal = await until('goal that is ready', async () =>
  (await client.goals.list()).find((each) => each.id === demo.goal && ['ready', 'stuck'].includes(each.status ?? '')),
);
// The shell looks a few times a second: a CEO who accepts before that needs no word.
await until('notice', () => stage.notifications.length > 0);
const accepted = goal.status === 'ready' ? (await client.goals.accept({ goal: goal.id })).result : goal.status;
const notices = stage.notifications.map(({ options }) => options.title);
port.close();
app.quit();
await until('end', () => stage.windows.length === 0);
process.stdout.write(`${JSON.stringify({ accepted, hosts, notices, badge: stage.badge, exits: stage.exits })}\n`);
process.exit(0);
