import { afterEach, beforeEach, expect, it } from 'vitest';
import { createGateway, type Gateway } from './index.ts';
import {
  type FakeUpstream,
  PRICES,
  post,
  recordingAuthority,
  STREAM,
  STREAM_USAGE,
  startFakeUpstream,
  streamed,
} from './test-support.ts';

let upstream: FakeUpstream;
let gateway: Gateway;
const authority = recordingAuthority();
beforeEach(async () => {
  upstream = await startFakeUpstream();
  const ignore = () => undefined;
  gateway = createGateway({
    authority,
    prices: PRICES,
    onUpstream: ignore,
    onFault: ignore,
    onExit: ignore,
  });
});
afterEach(async () => {
  await gateway.stop();
  await upstream.stop();
});

it('works in a thread of its own, asks the authority over here, and settles what stopping cuts', async () => {
  const { origin } = await gateway.start();
  gateway.setUpstreams([{ id: 'main', baseUrl: upstream.origin, auth: { kind: 'key', key: 'k' } }]);
  gateway.admit({ run: 'run_1', token: 'abc', upstream: 'main' });
  upstream.answer((response) => streamed(response));
  expect(await (await post(`${origin}/run/abc`)).text()).toBe(STREAM);
  await authority.settled(1);
  expect(authority.outcomes[0]).toMatchObject({ run: 'run_1', usage: STREAM_USAGE });
  expect(await gateway.stats()).toMatchObject({ calls: 1, refused: 0, upstreams: { main: { calls: 1 } } });

  upstream.answer((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(STREAM.slice(0, 700));
  });
  const cut = await post(`${origin}/run/abc`);
  const body = cut.text().catch(() => 'broken');
  await gateway.stop();
  expect(await body).toBe('broken');
  expect(authority.outcomes[1]).toMatchObject({ status: 'cancelled' });
});
