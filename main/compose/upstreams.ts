import type { Upstream, UpstreamHealth } from '#main/gateway/index.ts';
import type { UpstreamConfig } from '#main/index.ts';

/** Model endpoints and how they are, as calls have found them. */
export interface UpstreamStates {
  config(id: string): UpstreamConfig | undefined;
  /** Adds an endpoint, or replaces the one with its id. The gateway has to be told. */
  put(config: UpstreamConfig): void;
  heard(health: UpstreamHealth): void;
  views(): Array<{ id: string; state: 'up' | 'down' | 'unknown'; cause: string; scripted: boolean }>;
  forGateway(): Upstream[];
}

/** See {@link UpstreamStates}. */
export function createUpstreams(configs: readonly UpstreamConfig[]): UpstreamStates {
  const all = new Map(configs.map((config) => [config.id, config]));
  const health = new Map<string, UpstreamHealth>();
  return {
    config: (id) => all.get(id),
    put(config) {
      all.set(config.id, config);
      health.delete(config.id);
    },
    heard: (heard) => void health.set(heard.id, heard),
    views: () =>
      [...all.values()].map(({ id, scripted }) => ({
        id,
        scripted,
        state: health.get(id)?.state ?? 'unknown',
        cause: health.get(id)?.cause ?? '',
      })),
    forGateway: () =>
      [...all.values()].map(({ id, baseUrl, key }) => ({
        id,
        baseUrl,
        auth: key === null ? { kind: 'passthrough' } : { kind: 'key', key },
      })),
  };
}
