import { createHash } from 'node:crypto';

/** Prompt tokens as the Messages API reports them. */
export interface PromptUsage {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
}

/** Remembers prompts like a prompt cache does; see {@link createPromptCache}. */
export interface PromptCache {
  /** Usage of a request; what it asks to be cached is remembered. */
  read(json: unknown): PromptUsage;
}

const BYTES_PER_TOKEN = 4;
/** Tokens after the last cache mark, roughly. */
const UNCACHED = 4;

function tokensOf(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}

function bare(value: unknown): string {
  return JSON.stringify(value, (key, item: unknown) => (key === 'cache_control' ? undefined : item)) ?? '';
}

/** Counts the tokens of a request by its size: about four bytes each. */
export function promptTokens(json: unknown): number {
  const { tools, system, messages } = json as { tools?: unknown; system?: unknown; messages?: unknown };
  return tokensOf(bare([tools, system, messages]));
}

/** A cache of prompt prefixes in whole messages, so that a conversation that grows reads what it wrote before. */
export function createPromptCache(): PromptCache {
  const seen = new Set<string>();
  return {
    read(json) {
      const { tools, system, messages } = json as { tools?: unknown; system?: unknown; messages?: unknown };
      const marks = JSON.stringify(json);
      const parts = [bare(tools), bare(system), ...(Array.isArray(messages) ? messages.map(bare) : [])];
      const total = parts.reduce((sum, part) => sum + tokensOf(part), 0);
      if (!marks.includes('"cache_control"')) return { input: total, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };
      const hash = createHash('sha256');
      let tokens = 0;
      let cacheRead = 0;
      for (const part of parts) {
        tokens += tokensOf(part);
        hash.update(part);
        const prefix = hash.copy().digest('base64');
        if (seen.has(prefix)) cacheRead = tokens;
        else seen.add(prefix);
      }
      const input = Math.min(UNCACHED, total - cacheRead);
      const written = total - cacheRead - input;
      const hour = marks.includes('"ttl":"1h"');
      return { input, cacheRead, cacheWrite5m: hour ? 0 : written, cacheWrite1h: hour ? written : 0 };
    },
  };
}
