import { z } from 'zod';
import { imageTypeOf } from '#main/platform/image-type.ts';
import { err, ok } from '#main/platform/result.ts';
import { faultOf } from '#protocol/model/fault.ts';
import { type ToolWorld, tool } from './context.ts';

const LARGEST_ARTIFACT = 8 * 1024 * 1024;
const LARGEST_ANSWER = 256 * 1024;
const name = z.string().trim().min(1).max(300);

/** Shares content with the crew under a name; every share is a new version. */
export const shareArtifact = tool({
  name: 'share_artifact',
  description: 'Share text with the crew under a name. Sharing again makes a new version.',
  input: z.strictObject({ name, content: z.string() }),
  async run(input, { caller, world }) {
    const content = new TextEncoder().encode(input.content);
    if (content.byteLength > LARGEST_ARTIFACT) {
      return err(
        faultOf(
          'too-large',
          'The artifact is too large.',
          `At most ${LARGEST_ARTIFACT} bytes.`,
          'Commit large files instead.',
        ),
      );
    }
    const version = await world.objects.put(`artifact/${caller.goal}/${input.name}`, content);
    return ok(`Shared "${input.name}", version ${version.hash.slice(0, 12)}.`);
  },
});

/** Where an artifact lies: with its goal, else with the one it was forked from. */
async function keyOf(
  { objects, goals }: Pick<ToolWorld, 'objects' | 'goals'>,
  goal: string,
  title: string,
): Promise<string> {
  const key = `artifact/${goal}/${title}`;
  const origin = goals.state(goal)?.forkedFrom?.goal;
  if (origin === undefined || (await objects.versions(key)).length > 0) return key;
  return keyOf({ objects, goals }, origin, title);
}

/** Fetches what somebody shared. */
export const fetchArtifact = tool({
  name: 'fetch_artifact',
  description: 'Fetch a shared artifact by name: text, or a picture to look at.',
  input: z.strictObject({ name, version: z.string().max(64).optional() }),
  async run(input, { caller, world }) {
    const key = await keyOf(world, caller.goal, input.name);
    const versions = await world.objects.versions(key);
    const hash =
      input.version === undefined
        ? undefined
        : versions.find((each) => each.hash.startsWith(input.version ?? ''))?.hash;
    const found = input.version !== undefined && hash === undefined ? undefined : await world.objects.get(key, hash);
    if (!found)
      return err(
        faultOf(
          'no-such-artifact',
          `Nothing is shared as "${input.name}".`,
          'No version matches.',
          'Ask who should have shared it.',
        ),
      );
    const type = imageTypeOf(found.content);
    if (type) return ok({ type, bytes: found.content });
    const text = new TextDecoder().decode(found.content);
    return ok(
      text.length > LARGEST_ANSWER ? `${text.slice(0, LARGEST_ANSWER)}\n[cut at ${LARGEST_ANSWER} characters]` : text,
    );
  },
});
