import { type ProjectCommands, parseManifest } from './commands.ts';

/** Scripts that an install runs by itself. */
const INSTALL = [
  'preinstall',
  'install',
  'postinstall',
  'preprepare',
  'prepare',
  'postprepare',
  'prepublish',
  'dependencies',
];
const CALL = /\b(?:npm|pnpm|yarn|bun|npm-run-all|run-[sp])\b((?:\s+[^\s;&|()]+)+)/g;
const INSTALLING = /\b(?:npm|pnpm|yarn|bun)\s+(?:ci|i|install|add|--frozen-lockfile)\b|\byarn\s*$/;

/** Names of scripts that a command line calls through a package manager. */
function called(command: string, known: ReadonlySet<string>): string[] {
  const words = [...command.matchAll(CALL)].flatMap((match) => (match[1] ?? '').trim().split(/\s+/));
  const names = words.flatMap((word) => (word === 't' || word === 'tst' ? ['test'] : [word]));
  return names.filter((name) => known.has(name));
}

/**
 * The scripts of a `package.json` that a project's commands run: those called by name, their `pre` and `post` scripts,
 * what an install runs, and whatever these call in turn. Empty for a text that is no manifest.
 */
export function scriptsUsedBy(manifestText: string, commands: ProjectCommands): Map<string, string> {
  const scripts = new Map(Object.entries(parseManifest(manifestText)?.scripts ?? {}));
  const known = new Set(scripts.keys());
  const used = new Map<string, string>();
  const waiting: string[] = [];
  const follow = (command: string) => {
    if (INSTALLING.test(command)) waiting.push(...INSTALL);
    waiting.push(...called(command, known));
  };
  for (const command of [commands.setup, commands.verify]) if (command !== undefined) follow(command);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const script = scripts.get(name);
    if (script === undefined || used.has(name)) continue;
    used.set(name, script);
    waiting.push(`pre${name}`, `post${name}`);
    follow(script);
  }
  return used;
}
