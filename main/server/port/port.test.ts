import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { afterEach, expect, it } from 'vitest';
import type { ClientPort } from '#main/index.ts';
import type { Contract } from '#protocol/contract/index.ts';
import { createFake } from '../http/test-support.ts';
import { createPortServer } from './index.ts';

/** A port of a worker channel with the shape of the shell's: events carry `data`. */
function asShellPort(port: MessagePort): ClientPort {
  return {
    on: (event: 'message' | 'close', listener: (event: { data: unknown }) => void) =>
      void port.on(event, (data?: unknown) => listener({ data })),
    postMessage: (data) => port.postMessage(data),
    start: () => port.start(),
  };
}

let channel: MessageChannel;
afterEach(() => channel.port1.close());

function connect() {
  channel = new MessageChannel();
  const fake = createFake();
  createPortServer(fake.operations)(asShellPort(channel.port1));
  const page = { ...asShellPort(channel.port2) };
  channel.port2.start();
  const client: ContractRouterClient<Contract> = createORPCClient(new RPCLink({ port: page }));
  return { fake, client };
}

it('answers a call, refuses with the fault, and streams events', async () => {
  const { fake, client } = connect();
  expect(await client.system.info()).toMatchObject({ version: '0.1.0' });
  const fault = { tag: 'no', what: 'No.', why: 'Because.', next: 'Wait.' };
  fake.fail('stop', fault);
  await expect(client.goals.stop({ goal: 'g' })).rejects.toMatchObject({ code: 'REFUSED', data: fault });
  const feed = await client.feed.watch({ after: 0 });
  fake.publish('goal/goal_1', { type: 'goal.stopped', by: 'ceo' });
  for await (const message of feed) {
    expect(message).toMatchObject({ kind: 'events', events: [{ type: 'goal.stopped' }] });
    break;
  }
});

it('hands on nothing that is not a request of the protocol', async () => {
  const { fake, client } = connect();
  channel.port2.postMessage({ any: 'object' });
  channel.port2.postMessage('{"__proto__":{"x":1}}');
  channel.port2.postMessage('{"i":"77","p":{"u":"/../../etc"}}');
  expect(await client.goals.list()).toEqual([]);
  expect(fake.calls.map((call) => call.name)).toEqual(['list']);
});
