import { GOAL_IMAGE_BYTES } from '#protocol/contract/limits.ts';

/** Longest edge a model looks at in full, pixels: more is scaled down on its side anyway. */
const LONGEST_EDGE = 1_568;
const PART = 8_192;
const QUALITIES = [0.85, 0.6, 0.4] as const;

async function base64Of(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = '';
  // In parts: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += PART) text += String.fromCharCode(...bytes.subarray(at, at + PART));
  return btoa(text);
}

/**
 * A picture as base64, at most so large as a goal takes it, drawn anew: what a camera wrote beside it (place, time, device)
 * is gone. Null when it cannot be read.
 */
export async function shrunkImage(file: Blob): Promise<string | null> {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return null;
  const scale = Math.min(1, LONGEST_EDGE / Math.max(picture.width, picture.height));
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(picture.width * scale)),
    Math.max(1, Math.round(picture.height * scale)),
  );
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  for (const quality of QUALITIES) {
    const drawn = await canvas.convertToBlob({ type: 'image/webp', quality });
    if (drawn.size <= GOAL_IMAGE_BYTES) return base64Of(drawn);
  }
  return null;
}
