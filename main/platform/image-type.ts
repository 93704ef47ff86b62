/** Kinds of pictures a model can be shown. */
export type ImageType = 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif';

const isAt = (bytes: Uint8Array, at: number, sign: string) =>
  Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(sign.length, Math.max(0, bytes.length - at))).equals(
    Buffer.from(sign, 'latin1'),
  );

/** What a file's first bytes say it is, whatever it is called; null for anything a model cannot be shown. */
export function imageTypeOf(bytes: Uint8Array): ImageType | null {
  if (bytes.length < 12) return null;
  if (isAt(bytes, 0, '\x89PNG\r\n\x1a\n')) return 'image/png';
  if (isAt(bytes, 0, '\xff\xd8\xff')) return 'image/jpeg';
  if (isAt(bytes, 0, 'RIFF') && isAt(bytes, 8, 'WEBP')) return 'image/webp';
  return isAt(bytes, 0, 'GIF87a') || isAt(bytes, 0, 'GIF89a') ? 'image/gif' : null;
}
