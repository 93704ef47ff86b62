import type { Driver } from './driver.ts';

/** Loads a driver; each brings heavy libraries, and a host plays only one. */
export type DriverLoader = () => Promise<Driver>;

/** Every driver this host knows, by name. */
export const drivers: ReadonlyMap<string, DriverLoader> = new Map<string, DriverLoader>([
  ['claude-code', async () => (await import('./claude-code/index.ts')).claudeCode],
  ['scripted', async () => (await import('./scripted/index.ts')).scripted],
]);
