import { isAbsolute } from 'node:path';
import type { SettingValue } from '#protocol/contract/settings.ts';
import type { Settings } from './file.ts';

/** One setting: what it is, what it may be, and where it lies in the file. */
export interface Setting {
  readonly key: string;
  readonly group: string;
  readonly title: string;
  readonly description: string;
  readonly kind: 'text' | 'number' | 'boolean' | 'choice';
  readonly choices?: readonly string[];
  readonly unit?: string;
  readonly least?: number;
  readonly most?: number;
  readonly whole?: boolean;
  /** What holds when nobody set it; null: AIOS decides by the machine. */
  readonly fallback: SettingValue;
  readonly perProject: boolean;
  readonly needsRestart: boolean;
  /** The field of the file that keeps it, where it is not among `values`. */
  readonly field?: 'baseUrl' | 'executable' | 'agentCap' | 'port';
  /** Why a text will not do, or null. */
  readonly check?: (text: string) => string | null;
}

const isUrl = (text: string) =>
  /^https?:\/\/[^\s/]+/.test(text) ? null : 'It has to be an address that starts with http:// or https://.';
const isPath = (text: string) => (isAbsolute(text) ? null : 'It has to be a full path.');

/** Every setting that something in AIOS reads. */
export const SETTINGS: readonly Setting[] = [
  {
    key: 'goals.mode',
    group: 'Goals',
    title: 'Plans',
    description: 'Whether a plan waits for your approval (ask) or starts at once (go).',
    kind: 'choice',
    choices: ['ask', 'go'],
    fallback: 'ask',
    perProject: true,
    needsRestart: false,
  },
  {
    key: 'goals.capUsd',
    group: 'Goals',
    title: 'Cap of a goal',
    description:
      'What a goal may spend at most, unless you say otherwise when you state it. Empty: what its crew says.',
    kind: 'number',
    unit: '$',
    least: 0.01,
    most: 1_000_000,
    fallback: null,
    perProject: true,
    needsRestart: false,
  },
  {
    key: 'goals.runCapUsd',
    group: 'Goals',
    title: 'Cap of a run',
    description: 'What one attempt of one agent may spend at most. A role of the crew may have less.',
    kind: 'number',
    unit: '$',
    least: 0.01,
    most: 1_000_000,
    fallback: 3,
    perProject: true,
    needsRestart: false,
  },
  {
    key: 'goals.turns',
    group: 'Goals',
    title: 'Turns of a run',
    description: 'Model calls one run may take before it is interrupted.',
    kind: 'number',
    unit: 'turns',
    least: 1,
    most: 10_000,
    whole: true,
    fallback: 100,
    perProject: true,
    needsRestart: false,
  },
  {
    key: 'goals.minutes',
    group: 'Goals',
    title: 'Minutes of a run',
    description: 'How long one run may take before it is interrupted.',
    kind: 'number',
    unit: 'min',
    least: 1,
    most: 10_000,
    fallback: 30,
    perProject: true,
    needsRestart: false,
  },
  {
    key: 'machine.agents',
    group: 'Machine',
    title: 'Agents at once',
    description: 'Most agents that run at the same time. Empty: decided by cores and free memory.',
    kind: 'number',
    unit: 'agents',
    least: 1,
    most: 1_000,
    whole: true,
    fallback: null,
    perProject: false,
    needsRestart: false,
    field: 'agentCap',
  },
  {
    key: 'editor.command',
    group: 'Machine',
    title: 'Editor',
    description: 'The program that opens files and workspaces. Empty: the first of the usual ones on PATH.',
    kind: 'text',
    fallback: null,
    perProject: false,
    needsRestart: false,
  },
  {
    key: 'server.port',
    group: 'Machine',
    title: 'Port',
    description: 'Where the control center is served on this machine. Empty or 0: the last one, if it is free.',
    kind: 'number',
    least: 0,
    most: 65_535,
    whole: true,
    fallback: null,
    perProject: false,
    needsRestart: true,
    field: 'port',
  },
  {
    key: 'model.baseUrl',
    group: 'Models',
    title: 'Model endpoint',
    description: 'The server that speaks the Messages API. Every call of every agent goes there through the gateway.',
    kind: 'text',
    fallback: null,
    perProject: false,
    needsRestart: true,
    field: 'baseUrl',
    check: isUrl,
  },
  {
    key: 'agent.executable',
    group: 'Models',
    title: 'Agent executable',
    description: 'Your own agent program instead of the one that comes with AIOS. A full path.',
    kind: 'text',
    fallback: null,
    perProject: false,
    needsRestart: true,
    field: 'executable',
    check: isPath,
  },
];

/** What a setting is in the file, for a project or for the user; undefined where it is not set. */
export function storedValue(setting: Setting, file: Settings, project: string | null): SettingValue | undefined {
  if (project !== null) return setting.perProject ? file.projects[project]?.[setting.key] : undefined;
  return setting.field === undefined ? file.values[setting.key] : file[setting.field];
}

/** Why a value will not do, or null. */
export function problemOf(setting: Setting, value: SettingValue): string | null {
  if (value === null) return null;
  switch (setting.kind) {
    case 'number': {
      if (typeof value !== 'number' || !Number.isFinite(value)) return 'It has to be a number.';
      const { least = -Infinity, most = Infinity } = setting;
      if (value < least || value > most) return `It has to be from ${least} to ${most}.`;
      return setting.whole === true && !Number.isInteger(value) ? 'It has to be a whole number.' : null;
    }
    case 'boolean':
      return typeof value === 'boolean' ? null : 'It is on or off.';
    case 'choice':
      return setting.choices?.includes(String(value)) === true ? null : `It is one of ${setting.choices?.join(', ')}.`;
    case 'text':
      return typeof value === 'string' ? (setting.check?.(value) ?? null) : 'It has to be a text.';
  }
}
