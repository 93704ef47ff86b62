import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { forkLauncher } from '#main/adapters/embedded/agent-launcher/index.ts';

const { assignment, dataFolder } = JSON.parse(await text(process.stdin));
const hostEntry = fileURLToPath(new URL('../../agent-host/index.ts', import.meta.url));
const host = await forkLauncher({ hostEntry, dataFolder }).launch({
  run: assignment.run,
  onMessage(message) {
    if (message.type === 'ready') host.send({ type: 'start', assignment });
    if (message.type === 'event') process.stdout.write(`<${message.event.type}>\n`);
  },
  onGarbage: (reason) => process.stderr.write(`${reason}\n`),
});
