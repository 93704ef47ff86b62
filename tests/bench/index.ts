import { cpus, totalmem } from 'node:os';
import { printTable, type Table } from './table.ts';

/** Every benchmark by name; `npm run bench -- engine gateway` runs two, without a name all are run. */
const BENCHES: Readonly<Record<string, () => Promise<Table>>> = {
  engine: async () => (await import('./engine.ts')).benchEngine(),
  'engine-recover': async () => (await import('./engine-recover.ts')).benchEngineRecover(),
  gateway: async () => (await import('./gateway.ts')).benchGateway(),
  idle: async () => (await import('./idle.ts')).benchIdle(),
  canvas: async () => (await import('./canvas.ts')).benchCanvas(),
  shell: async () => (await import('./shell.ts')).benchShell(),
  guard: async () => (await import('./guard.ts')).benchGuard(),
  dispatch: async () => (await import('./dispatch.ts')).benchDispatch(),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !BENCHES[name]);
if (unknown.length > 0) {
  process.stderr.write(`no such benchmark: ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}\n`);
  process.exit(2);
}
const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
process.stdout.write(`${machine}\n\n`);
for (const name of wanted.length > 0 ? wanted : Object.keys(BENCHES)) {
  const table = await BENCHES[name]?.();
  if (table) printTable(table);
}
process.exit(0);
