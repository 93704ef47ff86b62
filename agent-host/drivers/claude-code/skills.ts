import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Options } from '@anthropic-ai/claude-agent-sdk';
import type { Assignment } from '#protocol/agent/assignment.ts';
import { below, realPlace } from '../../policy/paths.ts';

/** Under this name Claude Code knows what the repository brings. */
const PLUGIN = 'repository';

/** The name of a skill without that of its plugin. */
export function skillName(name: string): string {
  return name.startsWith(`${PLUGIN}:`) ? name.slice(PLUGIN.length + 1) : name;
}

/** What makes Claude Code load the trusted skills and no others. */
export function skillOptions({ skills, home }: Assignment): Pick<Options, 'plugins' | 'skills'> {
  const names = skills.map(({ name }) => `${PLUGIN}:${name}`);
  return skills.length === 0 ? { skills: [] } : { plugins: [{ type: 'local', path: folderOf(home) }], skills: names };
}

const folderOf = (home: string) => join(home, PLUGIN);

/**
 * Writes the skills as a plugin into the run's own folder. Not read from the workspace: there they may have been changed since
 * they were trusted. Written anew for each run, which may have changed them.
 */
export function writeSkills({ skills, home }: Assignment): void {
  const folder = folderOf(home);
  rmSync(folder, { recursive: true, force: true });
  if (skills.length === 0) return;
  const write = (path: string, text: string) => {
    const file = join(folder, path);
    if (below(realPlace(folder), realPlace(file)) === null) throw new Error(`${path} is no path of a skill`);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, text);
  };
  write('.claude-plugin/plugin.json', JSON.stringify({ name: PLUGIN, version: '0.0.0' }));
  for (const { name, files } of skills) for (const { path, text } of files) write(join('skills', name, path), text);
}
