import { z } from 'zod';
import { type ImageType, imageTypeOf } from '#main/platform/image-type.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { ObjectStore } from '#main/ports/object-store/port.ts';
import { GOAL_IMAGE_BYTES } from '#protocol/contract/limits.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { Goal } from '#protocol/model/goal/state.ts';

/** A picture of a goal. `name` is what `fetch_artifact` takes. */
export interface GoalImage {
  readonly name: string;
  readonly type: ImageType;
  readonly bytes: Uint8Array;
}

const PREFIX = 'image/';
const keyOf = (goal: string, name: string) => `artifact/${goal}/${name}`;

/** Reads what came with a goal. Fails with `bad-image` for what is no picture, too large, or there twice. */
export function readImages(
  given: readonly { readonly name: string; readonly content: string }[],
): Result<readonly GoalImage[], Fault> {
  const images: GoalImage[] = [];
  for (const { name: title, content } of given) {
    const refuse = (why: string) =>
      err(
        faultOf(
          'bad-image',
          `"${title}" cannot be attached.`,
          why,
          'Attach a PNG, JPEG, WebP or GIF, or put it into the repository.',
        ),
      );
    const bytes = Buffer.from(content, 'base64');
    const type = imageTypeOf(bytes);
    const name = `${PREFIX}${title}`;
    if (type === null) return refuse('Its content is no picture a model can be shown.');
    if (bytes.length > GOAL_IMAGE_BYTES)
      return refuse(`It has ${bytes.length} bytes; ${GOAL_IMAGE_BYTES} are the most.`);
    if (images.some((each) => each.name === name)) return refuse('Another picture has the same name.');
    images.push({ name, type, bytes });
  }
  return ok(images);
}

/** The text of a goal with the names of its pictures, and how they are seen. */
export function textWithImages(text: string, images: readonly GoalImage[]): string {
  if (images.length === 0) return text;
  const names = images.map(({ name }) => JSON.stringify(name)).join(', ');
  return `${text}\n\nPictures that belong to this (fetch_artifact shows them): ${names}`;
}

/** Names of a goal's pictures: looking through all objects for them would take longer with every goal. */
const listOf = (goal: string) => `images/${goal}`;

/** Stores the pictures, so that agents find them as artifacts of the goal. */
export async function keepImages(objects: ObjectStore, goal: string, images: readonly GoalImage[]): Promise<void> {
  if (images.length === 0) return;
  for (const { name, bytes } of images) await objects.put(keyOf(goal, name), bytes);
  await objects.put(listOf(goal), Buffer.from(JSON.stringify(images.map(({ name }) => name))));
}

/** The pictures of a goal, or of the one it was forked from. */
export async function imagesOf(
  objects: ObjectStore,
  { id, forkedFrom }: Pick<Goal, 'id' | 'forkedFrom'>,
): Promise<readonly GoalImage[]> {
  const list = await objects.get(listOf(id));
  if (!list) return forkedFrom ? imagesOf(objects, { id: forkedFrom.goal, forkedFrom: null }) : [];
  const found: GoalImage[] = [];
  for (const name of z.array(z.string()).parse(JSON.parse(new TextDecoder().decode(list.content)))) {
    const bytes = (await objects.get(keyOf(id, name)))?.content;
    const type = bytes ? imageTypeOf(bytes) : null;
    if (bytes && type) found.push({ name, type, bytes });
  }
  return found;
}
