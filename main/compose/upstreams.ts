import type { Upstream, UpstreamHealth } from '#main/gateway/index.ts';
import type { UpstreamConfig } from '#main/index.ts';

/** Model endpoints and how they are, as calls have found them. */
export interface UpstreamStates {
  config(id: string): UpstreamConfig | undefined;
  heard(health: UpstreamHealth): void;
  views(): Array<{ id: string; state: 'up' | 'down' | 'unknown'; cause: string; scripted: boolean }>;
  forGateway(): Upstream[];
}

/** See {@link UpstreamStates}. */
export function createUpstreams(configs: readonly UpstreamConfig[]): UpstreamStates {
  const health = new Map<string, UpstreamHealth>();
  return {
    config: (id) => configs.find((each) => each.id === id),
    heard: (heard) => void health.set(heard.id, heard),
    views: () =>
      configs.map(({ id, scripted }) => ({
        id,
        scripted,
        state: health.get(id)?.state ?? 'unknown',
        cause: health.get(id)?.cause ?? '',
      })),
    forGateway: () =>
      configs.map(({ id, baseUrl, key }) => ({
        id,
        baseUrl,
        auth: key === null ? { kind: 'passthrough' } : { kind: 'key', key },
      })),
  };
}
