import { claudeCode } from './claude-code/index.ts';
import type { Driver } from './driver.ts';
import { scripted } from './scripted/index.ts';

/** Every driver this host knows, by name. */
export const drivers: ReadonlyMap<string, Driver> = new Map(
  [claudeCode, scripted].map((driver) => [driver.name, driver]),
);
