import type { Engine } from '#main/engine/engine.ts';

const isRef = (value: object): value is { id: string; hash: string } =>
  'id' in value && 'hash' in value && typeof value.id === 'string' && Object.keys(value).length === 2;

/** Ids of all payloads a state or event refers to. */
export function payloadIds(value: unknown, found: Set<string> = new Set()): Set<string> {
  if (typeof value !== 'object' || value === null) return found;
  if (isRef(value)) {
    found.add(value.id);
    return found;
  }
  for (const child of Object.values(value)) payloadIds(child, found);
  return found;
}

/** Longest text a view gets at once; the whole is there on demand. */
const LONGEST_TEXT = 20_000;

/** The texts a value refers to, as views get them. */
export async function textsOf(engine: Engine, value: unknown): Promise<Record<string, string>> {
  const texts = await engine.payloads([...payloadIds(value)]);
  const shown: Record<string, string> = {};
  for (const [id, text] of texts) shown[id] = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
  return shown;
}
