import { afterEach, expect, test } from 'vitest';
import type { ModelRequest } from '../doubles/model-server.ts';
import { openWorld, ready, state, tagOf, textsIn, value, type World } from './kit.ts';
import { acting, aios, claimed, done, say, turnsOf, write } from './model.ts';

/** Eight by eight pixels, PNG. */
const SKETCH =
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAJElEQVR4nGNgYGBgZmZmY2Pj5OTk4eHh5+cXEhISFRVlGFoSAPD2B+HoqhYNAAAAAElFTkSuQmCC';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** Pictures a request shows to the model. */
function shownIn(request: ModelRequest): string[] {
  const all = JSON.stringify(request.messages);
  return [...all.matchAll(/"media_type":"(image\/[a-z]+)"/g)].map(([, type = '']) => type);
}

test('an agent sees the picture that came with its goal, and a file that is none is refused before anything is stated', {
  timeout: 120_000,
}, async () => {
  const shown: string[] = [];
  const act = acting([
    aios('fetch_artifact', { name: 'image/sketch.png' }),
    (request) => write(request, 'drawn.txt', 'as drawn\n'),
    done(),
  ]);
  world = await openWorld('pictures', {
    model(request) {
      if (request.tools?.length && turnsOf(request) === 1) shown.push(...shownIn(request));
      return claimed(request) ? { blocks: [say('That was all.')] } : act(request);
    },
  });
  const { operations, repo } = world;
  const images = [{ name: 'sketch.png', content: SKETCH }];
  const none = [{ name: 'sketch.png', content: Buffer.from('<svg onload="1"></svg>').toString('base64') }];
  const goal = await state(world, { agent: 'backend', text: 'Build it as drawn', images });
  const stated = await operations.goals.state(
    { path: repo, text: 'Another', agent: 'backend', images: none },
    undefined,
  );
  expect(tagOf(stated)).toBe('bad-image');
  const twice = [...images, ...images];
  expect(tagOf(await operations.goals.state({ path: repo, text: 'Another', images: twice }, undefined))).toBe(
    'bad-image',
  );
  expect(value(await operations.goals.list(undefined, undefined))).toHaveLength(1);

  const { text } = await ready(operations, goal);
  expect((await textsIn(operations))[text?.id ?? '']).toContain('"image/sketch.png"');
  expect(shown).toContain('image/png');
  const kept = value(await operations.goals.images({ goal }, undefined));
  expect(kept).toEqual([{ name: 'image/sketch.png', type: 'image/png', content: SKETCH }]);
});
