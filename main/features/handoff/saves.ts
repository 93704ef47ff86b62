import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import type { GoalSetup } from '#main/features/runs/index.ts';
import { bundledState, bundleOf, isThere, restoreWorkspace, type Workspace } from '#main/features/workspaces/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { ObjectStore } from '#main/ports/object-store/port.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { Attempt, Goal } from '#protocol/model/goal/state.ts';
import { readSessionFiles, writeSessionFile } from './session-files.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** What a save consists of. Written last, so that a save is whole or is not there. */
const manifest = z.strictObject({
  format: z.literal(1),
  /** The snapshot, the HEAD below it and its files; the bundle leaves out what `since` reaches. */
  commit: z.string(),
  head: z.string(),
  tree: z.string(),
  since: z.string(),
  bundle: hash,
  session: z.string(),
  files: z.array(z.strictObject({ path: z.string(), hash })),
});
type Manifest = z.infer<typeof manifest>;

/** What saving and restoring need. */
export interface SaveParts {
  readonly objects: ObjectStore;
  readonly homes: string;
  readonly workspaceOf: (goal: Goal, attempt: Attempt) => Workspace;
  readonly setupOf: (goal: Goal) => Promise<GoalSetup>;
  /** Makes a restored workspace fit to work in: what the project's set-up command makes is in no save. */
  readonly prepare: (goal: Goal, attempt: Attempt, signal: AbortSignal) => Promise<Result<void, Fault>>;
}

/** Workspaces and sessions, kept in the object store. */
export interface Saves {
  /** Saves an attempt as it is now; nothing is written when nothing changed. `sessionFiles` is what its driver named. */
  save(goal: Goal, attempt: Attempt, sessionFiles: readonly string[]): Promise<Result<'saved' | 'unchanged', Fault>>;
  /**
   * Makes again from the last save what is missing of an attempt here; says whether the workspace was. Fails with
   * `nothing-saved`, or `save-damaged` when an object is not what was saved: then nothing is made.
   */
  restore(goal: Goal, attempt: Attempt, signal: AbortSignal): Promise<Result<{ readonly workspace: boolean }, Fault>>;
}

const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
const keyOf = (goal: Goal, attempt: Attempt) => `save/${goal.id}/${attempt.id}`;

const NOTHING = faultOf(
  'nothing-saved',
  'The workspace is gone and was not saved.',
  'Its folder is missing, and nothing of this attempt is in the object store.',
  'Give the task a new attempt.',
);

function damaged(why: string): Fault {
  return faultOf('save-damaged', 'What was saved cannot be used.', why, 'Give the task a new attempt.');
}

/** See {@link Saves}. */
export function createSaves(parts: SaveParts): Saves {
  const homeOf = (attempt: Attempt) => join(parts.homes, attempt.agent);

  /** An object by its hash; the store refuses one whose content is another. */
  async function objectOf(key: string, wanted?: string): Promise<Result<Uint8Array, Fault>> {
    try {
      const found = await parts.objects.get(key, wanted);
      if (!found) return err(wanted === undefined ? NOTHING : damaged(`The object ${wanted.slice(0, 12)} is missing.`));
      const matches = wanted === undefined || sha256(found.content) === wanted;
      return matches ? ok(found.content) : err(damaged(`The object ${wanted.slice(0, 12)} is another.`));
    } catch (error) {
      return err(damaged(error instanceof Error ? error.message : String(error)));
    }
  }

  async function lastOf(goal: Goal, attempt: Attempt): Promise<Result<Manifest, Fault>> {
    const found = await objectOf(keyOf(goal, attempt));
    if (!found.ok) return found;
    try {
      return ok(manifest.parse(JSON.parse(new TextDecoder().decode(found.value))));
    } catch {
      return err(damaged('Its list of contents cannot be read.'));
    }
  }

  async function put(key: string, content: Uint8Array, known: ReadonlySet<string>): Promise<string> {
    const hashed = sha256(content);
    if (!known.has(hashed)) await parts.objects.put(key, content);
    return hashed;
  }

  return {
    async save(goal, attempt, sessionFiles) {
      const workspace = parts.workspaceOf(goal, attempt);
      const key = keyOf(goal, attempt);
      const before = await lastOf(goal, attempt);
      const last = before.ok ? before.value : null;
      const state = await bundledState(workspace);
      if (!state.ok) return state;
      const { commit, head, tree } = state.value;
      const known = new Set(last?.files.map((file) => file.hash));
      const files: Manifest['files'] = [];
      for (const [path, content] of await readSessionFiles(homeOf(attempt), sessionFiles))
        files.push({ path, hash: await put(`${key}/session/${path}`, content, known) });
      const sameWork = last !== null && last.tree === tree && last.head === head;
      const { session } = attempt;
      if (sameWork && last.session === session && JSON.stringify(last.files) === JSON.stringify(files))
        return ok('unchanged');
      const since = goal.base;
      let work = { commit, head, tree, since, bundle: last?.bundle ?? '' };
      if (sameWork) work = { ...work, commit: last.commit };
      else {
        const bundle = await bundleOf(workspace, since);
        if (!bundle.ok) return bundle;
        work.bundle = await put(`${key}/bundle`, bundle.value, new Set());
      }
      const whole: Manifest = { format: 1, ...work, session, files };
      await parts.objects.put(key, new TextEncoder().encode(JSON.stringify(whole)));
      return ok('saved');
    },

    async restore(goal, attempt, signal) {
      const workspace = parts.workspaceOf(goal, attempt);
      const missing = !(await isThere(workspace));
      const last = await lastOf(goal, attempt);
      if (!last.ok) return missing ? last : ok({ workspace: false });
      const key = keyOf(goal, attempt);
      const contents: Array<readonly [string, Uint8Array]> = [];
      // All is read before anything is made.
      for (const file of last.value.session === attempt.session ? last.value.files : []) {
        const content = await objectOf(`${key}/session/${file.path}`, file.hash);
        if (!content.ok) return missing ? content : ok({ workspace: false });
        contents.push([file.path, content.value]);
      }
      if (missing) {
        const bundle = await objectOf(`${key}/bundle`, last.value.bundle);
        if (!bundle.ok) return bundle;
        const { author, repository } = await parts.setupOf(goal);
        const include = { from: repository, commit: attempt.base ?? goal.base };
        const { commit } = last.value;
        const made = await restoreWorkspace({ workspace, author, commit, bundle: bundle.value, include });
        if (!made.ok) return made;
        const prepared = await parts.prepare(goal, attempt, signal);
        if (!prepared.ok) return prepared;
      }
      for (const [path, content] of contents) await writeSessionFile(homeOf(attempt), path, content);
      return ok({ workspace: missing });
    },
  };
}
