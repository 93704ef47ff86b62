import { inBubblewrap } from './bubblewrap.ts';
import { inSeatbelt } from './seatbelt.ts';
import type { Command, SandboxSpec } from './spec.ts';

export type { Command, SandboxSpec } from './spec.ts';

/** Folders that look empty to a contained process: homes, sockets, mounts; and those that are private to it. */
export const HIDDEN_FOLDERS = {
  linux: { hidden: ['/home', '/root', '/run', '/mnt', '/media'], temporary: ['/tmp', '/var/tmp'] },
  darwin: { hidden: ['/Volumes'], temporary: ['/private/tmp', '/private/var/folders'] },
} as const;

/** The command that runs `inner` contained, or `inner` itself where there is no sandbox. */
export function contained(spec: SandboxSpec, inner: Command, cwd: string): Command {
  if (spec.kind === 'bubblewrap') return inBubblewrap(spec, inner, cwd);
  return spec.kind === 'seatbelt' ? inSeatbelt(spec, inner) : inner;
}
