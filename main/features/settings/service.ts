import { err, ok, type Result } from '#main/platform/result.ts';
import type { SettingValue, SettingView } from '#protocol/contract/settings.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { problemOf, SETTINGS, type Setting, storedValue } from './catalogue.ts';
import { NO_SETTINGS, readSettings, type Settings, writeSettings } from './file.ts';

/** The operator's settings, as the running orchestrator uses and changes them. */
export interface SettingsService {
  /** Reads the file. Until then, and when it is unreadable, defaults hold. */
  load(): Promise<Result<void, Fault>>;
  /** What holds now for a project, or for nobody's in particular. */
  value(key: string, project?: string | null): SettingValue;
  list(project: string | null): SettingView[];
  set(key: string, project: string | null, value: SettingValue): Promise<Result<SettingView, Fault>>;
  reset(key: string, project: string | null): Promise<Result<SettingView, Fault>>;
  /** What differs from the defaults, as YAML, without secrets. */
  exported(project: string | null): Promise<string>;
}

function viewOf(setting: Setting, file: Settings, project: string | null, given: Given): SettingView {
  const own = project === null ? undefined : storedValue(setting, file, project);
  const user = storedValue(setting, file, null);
  const found = (
    [
      ['environment', given[setting.key] || undefined],
      ['project', own],
      ['user', user],
    ] as const
  ).find(([, value]) => value !== undefined);
  return {
    key: setting.key,
    group: setting.group,
    title: setting.title,
    description: setting.description,
    kind: setting.kind,
    choices: setting.choices ?? [],
    unit: setting.unit ?? '',
    least: setting.least ?? null,
    most: setting.most ?? null,
    fallback: setting.fallback,
    value: found?.[1] ?? setting.fallback,
    source: found?.[0] ?? 'default',
    perProject: setting.perProject,
    needsRestart: setting.needsRestart,
  };
}

/** The file with one setting changed; undefined takes it out. */
function changed(file: Settings, setting: Setting, project: string | null, value: SettingValue | undefined): Settings {
  const { key, field } = setting;
  if (project !== null) {
    const { [key]: _, ...others } = file.projects[project] ?? {};
    return { ...file, projects: { ...file.projects, [project]: value == null ? others : { ...others, [key]: value } } };
  }
  if (field !== undefined) return { ...file, [field]: value ?? undefined };
  const { [key]: _, ...others } = file.values;
  return { ...file, values: value == null ? others : { ...others, [key]: value } };
}

function refuse<T>(what: string, why: string, next: string): Result<T, Fault> {
  return err(faultOf('bad-setting', what, why, next));
}

/** Values of the operator's environment, by setting: they win over what is kept. */
export type Given = Readonly<Record<string, string | undefined>>;

/** Settings of one data folder. */
export function createSettings(home: string, given: Given = {}): SettingsService {
  let file: Settings = NO_SETTINGS;
  /** Writes follow one another, so that none undoes another. */
  let last: Promise<unknown> = Promise.resolve();

  async function change(
    key: string,
    project: string | null,
    value: SettingValue | undefined,
  ): Promise<Result<SettingView, Fault>> {
    const setting = SETTINGS.find((each) => each.key === key);
    if (!setting) return refuse('There is no such setting.', `"${key}" is not known.`, 'Look at the list.');
    if (project !== null && !setting.perProject)
      return refuse(`${setting.title} is not a project's.`, 'It holds for everything.', 'Set it for yourself.');
    const problem = value === undefined ? null : problemOf(setting, value);
    if (problem !== null) return refuse(`${setting.title} was not changed.`, problem, 'Correct it.');
    // The file may have been edited by hand since.
    const current = await readSettings(home);
    if (!current.ok) return current;
    const next = changed(current.value, setting, project, value);
    const written = await writeSettings(home, next);
    if (!written.ok) return written;
    file = next;
    return ok(viewOf(setting, file, project, given));
  }

  const inTurn = (work: () => Promise<Result<SettingView, Fault>>) => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
  const view = (setting: Setting, project: string | null) => viewOf(setting, file, project, given);
  const list = (project: string | null) =>
    SETTINGS.filter((setting) => project === null || setting.perProject).map((setting) => view(setting, project));

  return {
    async load() {
      const read = await readSettings(home);
      if (!read.ok) return read;
      file = read.value;
      return ok(undefined);
    },
    value(key, project = null) {
      const setting = SETTINGS.find((each) => each.key === key);
      if (!setting) throw new Error(`no setting ${key}`);
      return view(setting, project).value;
    },
    list,
    set: (key, project, value) => inTurn(() => change(key, project, value)),
    reset: (key, project) => inTurn(() => change(key, project, undefined)),
    async exported(project) {
      const { stringify } = await import('yaml');
      const own = list(project).flatMap((each) => (each.source === 'default' ? [] : [[each.key, each.value] as const]));
      return stringify(Object.fromEntries(own));
    },
  };
}
