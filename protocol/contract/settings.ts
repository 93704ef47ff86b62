import { z } from 'zod';
import { base } from './base.ts';
import type { RoleView } from './plan.ts';

const key = z.string().regex(/^[a-z][a-zA-Z0-9.]{0,80}$/);
/** A project's path; null: the user's own settings. */
const project = z.string().min(1).max(4_096).nullable().default(null);

/** A value of a setting. */
export type SettingValue = string | number | boolean | null;

/** One setting with what it is now and where that comes from. */
export interface SettingView {
  readonly key: string;
  readonly group: string;
  readonly title: string;
  readonly description: string;
  readonly kind: 'text' | 'number' | 'boolean' | 'choice';
  readonly choices: readonly string[];
  readonly unit: string;
  readonly least: number | null;
  readonly most: number | null;
  readonly fallback: SettingValue;
  readonly value: SettingValue;
  readonly source: 'default' | 'user' | 'project' | 'environment';
  /** Whether a project may set it for itself. */
  readonly perProject: boolean;
  /** True when it takes effect only at the next start. */
  readonly needsRestart: boolean;
}

/** A secret by name: whether it is there, never what it is. */
export interface SecretView {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly state: 'set' | 'missing' | 'environment';
  /** Where it is kept, for people: the system's store, or memory until the next start. */
  readonly kept: string;
}

/** Settings by schema; secrets can be written and never read. */
export const settingsContract = {
  list: base
    .route({ method: 'GET', path: '/settings' })
    .input(z.object({ project }))
    .output(z.array(z.custom<SettingView>())),
  set: base
    .route({ method: 'POST', path: '/settings' })
    .input(z.object({ key, project, value: z.union([z.string().max(10_000), z.number(), z.boolean(), z.null()]) }))
    .output(z.custom<SettingView>()),
  reset: base
    .route({ method: 'POST', path: '/settings/reset' })
    .input(z.object({ key, project }))
    .output(z.custom<SettingView>()),
  /** What differs from the defaults, as YAML; no secret is in it. */
  export: base
    .route({ method: 'GET', path: '/settings/export' })
    .input(z.object({ project }))
    .output(z.object({ yaml: z.string() })),
  secrets: base.route({ method: 'GET', path: '/settings/secrets' }).output(z.array(z.custom<SecretView>())),
  setSecret: base
    .route({ method: 'POST', path: '/settings/secrets' })
    .input(z.object({ name: key, value: z.string().min(1).max(10_000) }))
    .output(z.custom<SecretView>()),
  removeSecret: base
    .route({ method: 'POST', path: '/settings/secrets/remove' })
    .input(z.object({ name: key }))
    .output(z.custom<SecretView>()),
};

/** A folder on the machine the orchestrator runs on. */
export interface FolderView {
  readonly path: string;
  /** Null at the root. */
  readonly parent: string | null;
  readonly repository: boolean;
  readonly folders: readonly { readonly name: string; readonly path: string; readonly repository: boolean }[];
  /** True when there are more folders than are listed. */
  readonly truncated: boolean;
}

/** The first minutes: finding a repository, trying the demo. */
export const setupContract = {
  /** Folders below a path, repositories marked; without a path the user's home. */
  browse: base
    .route({ method: 'GET', path: '/setup/browse' })
    .input(z.object({ path: z.string().max(4_096).optional() }))
    .output(z.custom<FolderView>()),
  /** The roles of a crew that no goal has yet: a shipped name or the path of a file. */
  roles: base
    .route({ method: 'GET', path: '/setup/roles' })
    .input(z.object({ crew: z.string().min(1).max(4_096).default('default') }))
    .output(z.array(z.custom<RoleView>())),
  /** Starts the demo crew (scripted model, no key) on a sample app in the data folder. */
  demo: base
    .route({ method: 'POST', path: '/setup/demo' })
    .input(z.object({ script: z.enum(['crew', 'solo', 'misbehaving']).default('crew') }))
    .output(z.object({ goal: z.string(), path: z.string() })),
};
