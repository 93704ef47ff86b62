import type { Readable } from 'node:stream';

/** Keeps the last `limit` bytes of a stream and reads the rest away, so that a flood neither blocks nor grows. */
export function tailOf(stream: Readable | null, limit: number): () => string {
  let chunks: Buffer[] = [];
  let size = 0;
  stream?.on('data', (chunk: Buffer) => {
    chunks.push(chunk.subarray(-limit));
    size += Math.min(chunk.length, limit);
    if (size > 2 * limit) {
      chunks = [Buffer.concat(chunks).subarray(-limit)];
      size = limit;
    }
  });
  // A pipe that breaks with its process has said what it had to say.
  stream?.on('error', () => undefined);
  return () => Buffer.concat(chunks).subarray(-limit).toString('utf8');
}
