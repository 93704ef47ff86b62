import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileObjectStore } from '#main/adapters/embedded/object-store/index.ts';
import type { GoalSetup } from '#main/features/runs/index.ts';
import { ensureHub, type Workspace } from '#main/features/workspaces/index.ts';
import {
  AUTHOR,
  must,
  type Playground,
  playground,
  put,
  rawGit,
  read,
  tagOf,
} from '#main/features/workspaces/test-kit.ts';
import { ok } from '#main/platform/result.ts';
import { type Attempt, emptyGoal, type Goal } from '#protocol/model/goal/state.ts';
import { createSaves, type Saves } from './saves.ts';

const SESSION = 'claude/projects/-work-a/s1.jsonl';
const PATTERNS = ['claude/projects/*/s1.jsonl'];
const never = new AbortController().signal;

let play: Playground;
let workspace: Workspace;
let goal: Goal;
let attempt: Attempt;
let prepared = 0;
beforeEach(async () => {
  play = playground({ 'README.md': '# Sample\n', '.gitignore': 'node_modules\n.env\n', '.worktreeinclude': '.env\n' });
  put(play.user, { '.env': 'KEY=1\n' });
  workspace = await play.workspace('att_1');
  goal = { ...emptyGoal('goal_1'), base: workspace.base };
  attempt = { id: 'att_1', agent: 'ann', session: 's1', base: workspace.base } as unknown as Attempt;
  prepared = 0;
});
afterEach(() => play.remove());

/** Saves on the one object store, with homes and a workspace of its own choice: another machine has others. */
function savesAt(at: Workspace = workspace, homes = join(play.root, 'homes')): Saves {
  return createSaves({
    objects: createFileObjectStore(join(play.root, 'objects'), () => 1),
    homes,
    workspaceOf: () => at,
    setupOf: async () => ({ author: AUTHOR, repository: play.user }) as unknown as GoalSetup,
    prepare: async () => {
      prepared += 1;
      return ok(undefined);
    },
  });
}

function work(): void {
  put(workspace.path, { 'done.txt': 'committed\n' });
  rawGit(workspace.path, 'add', '-A');
  rawGit(workspace.path, 'commit', '-q', '-m', 'Mine');
  put(workspace.path, { 'README.md': '# Changed\n', 'new.txt': 'not committed\n', 'node_modules/x.js': 'x' });
  put(join(play.root, 'homes', 'ann'), { [SESSION]: '{"said":1}\n' });
}

const objectFiles = () => readdirSync(join(play.root, 'objects', 'content'), { recursive: true }).length;

describe('saves', () => {
  it('make a deleted workspace and session again as they were, uncommitted work included', async () => {
    work();
    const head = rawGit(workspace.path, 'rev-parse', 'HEAD');
    const status = rawGit(workspace.path, 'status', '--porcelain');
    expect(must(await savesAt().save(goal, attempt, PATTERNS))).toBe('saved');
    await rm(workspace.path, { recursive: true });
    await rm(join(play.root, 'homes'), { recursive: true });
    expect(must(await savesAt().restore(goal, attempt, never))).toEqual({ workspace: true });
    expect(rawGit(workspace.path, 'rev-parse', 'HEAD')).toBe(head);
    expect(rawGit(workspace.path, 'status', '--porcelain')).toBe(status);
    expect(rawGit(workspace.path, 'symbolic-ref', '--short', 'HEAD')).toBe(workspace.branch);
    expect(read(workspace.path, 'new.txt')).toBe('not committed\n');
    expect(read(workspace.path, '.env')).toBe('KEY=1\n');
    expect(read(join(play.root, 'homes', 'ann'), SESSION)).toBe('{"said":1}\n');
    expect(prepared).toBe(1);
    expect(must(await savesAt().restore(goal, attempt, never))).toEqual({ workspace: false });
  });

  it('write nothing when nothing changed, and only what changed when something did', async () => {
    work();
    must(await savesAt().save(goal, attempt, PATTERNS));
    const before = objectFiles();
    expect(must(await savesAt().save(goal, attempt, PATTERNS))).toBe('unchanged');
    expect(objectFiles()).toBe(before);
    put(join(play.root, 'homes', 'ann'), { [SESSION]: '{"said":2}\n' });
    expect(must(await savesAt().save(goal, attempt, PATTERNS))).toBe('saved');
    await rm(workspace.path, { recursive: true });
    must(await savesAt().restore(goal, attempt, never));
    expect(read(workspace.path, 'done.txt')).toBe('committed\n');
  });

  it('come back to life on another data folder, whose hub has only the user’s commits', async () => {
    work();
    must(await savesAt().save(goal, attempt, PATTERNS));
    const hub = join(play.root, 'other', 'hub.git');
    must(await ensureHub(hub, play.repository));
    const there = { ...workspace, hub, path: join(play.root, 'other', 'work', 'att_1') };
    const homes = join(play.root, 'other', 'homes');
    must(await savesAt(there, homes).restore(goal, attempt, never));
    expect(read(there.path, 'done.txt')).toBe('committed\n');
    expect(read(there.path, 'new.txt')).toBe('not committed\n');
    expect(read(join(homes, 'ann'), SESSION)).toBe('{"said":1}\n');
  });

  it('are refused when an object is not what was saved, and make nothing then', async () => {
    work();
    must(await savesAt().save(goal, attempt, PATTERNS));
    const content = join(play.root, 'objects', 'content');
    for (const name of readdirSync(content, { recursive: true, encoding: 'utf8' }))
      if (/[0-9a-f]{64}$/.test(name) && read(content, name).startsWith('# v'))
        writeFileSync(join(content, name), '# v2 git bundle\n\nevil');
    await rm(workspace.path, { recursive: true });
    expect(tagOf(await savesAt().restore(goal, attempt, never))).toBe('save-damaged');
    expect(readdirSync(dirname(workspace.path))).toEqual([]);
    expect(tagOf(await savesAt().restore(goal, { ...attempt, id: 'att_2' }, never))).toBe('nothing-saved');
  });

  it('neither read nor write outside the agent’s home, whatever lies there', async () => {
    work();
    const secret = join(play.root, 'secret');
    put(secret, { 's1.jsonl': 'private' });
    const projects = join(play.root, 'homes', 'ann', 'claude', 'projects');
    symlinkSync(secret, join(projects, 'linked'));
    mkdirSync(join(projects, 'own'));
    symlinkSync(join(secret, 's1.jsonl'), join(projects, 'own', 's1.jsonl'));
    must(await savesAt().save(goal, attempt, [...PATTERNS, '../../secret/*', '/etc/passwd']));
    const objects = createFileObjectStore(join(play.root, 'objects'), () => 1);
    const saved = (await objects.list('save/goal_1/att_1/session/')).map((version) => version.key);
    expect(saved).toEqual([`save/goal_1/att_1/session/${SESSION}`]);
    const home = join(play.root, 'homes', 'ann', 'claude', 'projects');
    await rm(home, { recursive: true });
    symlinkSync(secret, home);
    must(await savesAt().restore(goal, attempt, never));
    expect(readdirSync(secret)).toEqual(['s1.jsonl']);
  });
});
