/**
 * A 32-bit hash of a text that is stable for good: FNV-1a, with one more mixing, since its high bits are poor for short
 * texts. Not for secrets: it names and samples. http://www.isthe.com/chongo/tech/comp/fnv
 */
export function fnv32(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
