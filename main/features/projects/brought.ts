import type { LeftOut, McpServer, Skill } from '#protocol/agent/brought.ts';
import { readMcpServers } from './mcp-servers.ts';
import { commitReader, type ReadProjectFile, regularFiles } from './reader.ts';
import { SKILLS_FOLDER } from './trust.ts';

/** What a repository brings for the agents that work on it, beside instructions. */
export interface Brought {
  readonly mcpServers: Readonly<Record<string, McpServer>>;
  readonly skills: readonly Skill[];
  readonly leftOut: readonly LeftOut[];
}

const MCP_FILE = '.mcp.json';
const SKILL_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const MOST_SKILLS = 50;
/** Characters of one skill, all its files together: they are kept with the goal and travel to each run. */
const LARGEST_SKILL = 128 * 1024;

/**
 * Reads what a trusted repository brings, from the commit that was trusted: a later change of its files changes nothing
 * for goals that are under way. `.mcp.json` at its top, and its skills.
 */
export async function readBrought(
  gitDir: string,
  commit: string,
  wanted: { readonly skills: boolean; readonly mcpServers: boolean },
): Promise<Brought> {
  const paths = await regularFiles(gitDir, commit);
  const read = commitReader(gitDir, commit);
  const servers = paths.has(MCP_FILE) ? readMcpServers((await read(MCP_FILE)) ?? '') : readMcpServers('{}');
  const skills = await readSkills(paths, read);
  const off = (what: string): LeftOut => ({ what, why: 'the crew file does not load them (context)' });
  return {
    mcpServers: wanted.mcpServers ? servers.found : {},
    skills: wanted.skills ? skills.found : [],
    leftOut: [
      ...(wanted.mcpServers ? servers.leftOut : Object.keys(servers.found).map((name) => off(`MCP server ${name}`))),
      ...(wanted.skills ? skills.leftOut : skills.found.map(({ name }) => off(`skill ${name}`))),
    ],
  };
}

async function readSkills(
  paths: ReadonlySet<string>,
  read: ReadProjectFile,
): Promise<{ readonly found: readonly Skill[]; readonly leftOut: readonly LeftOut[] }> {
  const folders = new Map<string, string[]>();
  for (const path of [...paths].sort()) {
    if (!path.startsWith(SKILLS_FOLDER)) continue;
    const [name = '', ...rest] = path.slice(SKILLS_FOLDER.length).split('/');
    if (rest.length > 0) folders.set(name, [...(folders.get(name) ?? []), rest.join('/')]);
  }
  const found: Skill[] = [];
  const leftOut: LeftOut[] = [];
  for (const [name, files] of folders) {
    const skill = await readSkill(name, files, read);
    if (typeof skill === 'string') leftOut.push({ what: `skill ${name}`, why: skill });
    else if (found.length >= MOST_SKILLS)
      leftOut.push({ what: `skill ${name}`, why: `there are more than ${MOST_SKILLS}` });
    else found.push(skill);
  }
  return { found, leftOut };
}

/** The skill, or why it is none. */
async function readSkill(name: string, files: readonly string[], read: ReadProjectFile): Promise<Skill | string> {
  if (!SKILL_NAME.test(name)) return 'its name has other marks than letters, digits, dots and dashes';
  if (!files.includes('SKILL.md')) return 'it has no SKILL.md';
  const texts: Skill['files'] = [];
  let length = 0;
  for (const path of files) {
    const text = (await read(`${SKILLS_FOLDER}${name}/${path}`)) ?? '';
    length += text.length;
    if (length > LARGEST_SKILL) return `its files are longer than ${LARGEST_SKILL / 1_024} Ki together`;
    texts.push({ path, text });
  }
  return { name, files: texts };
}
