import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import {
  commitReader,
  describeTrust,
  detectCommands,
  inspectRepository,
  type RepositoryFacts,
  type TrustDescription,
} from '#main/features/projects/index.ts';
import { checkGit } from '#main/features/workspaces/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { Operations } from '#main/server/operations.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { Parts } from '../parts.ts';

/** A repository as it is now, with what AIOS would run there and whether that is trusted. */
export interface LookedAt {
  readonly project: string;
  readonly facts: RepositoryFacts;
  readonly commands: {
    readonly setup: string | null;
    readonly verify: string | null;
    readonly acceptance: string | null;
  };
  readonly source: string;
  readonly trust: TrustDescription;
  readonly trusted: boolean;
}

/** A project's id: the same folder is the same project. */
function projectId(commonDir: string): string {
  return `project_${createHash('sha256').update(commonDir).digest('hex').slice(0, 16)}`;
}

/** Inspects a repository without running anything of it. */
export async function lookAt(parts: Parts, path: string, base?: string): Promise<Result<LookedAt, Fault>> {
  const git = await checkGit();
  if (!git.ok) return git;
  const inspected = await inspectRepository(path, base === undefined ? {} : { base });
  if (!inspected.ok) return inspected;
  const facts = inspected.value;
  const project = projectId(facts.commonDir);
  const known = parts.projects.state(project);
  const detected = await detectCommands(commitReader(facts.commonDir, facts.head));
  const overridden = known !== undefined && known.source === 'ceo';
  const commands = overridden
    ? { setup: known.setup, verify: known.verify, acceptance: known.acceptance }
    : { setup: detected.setup ?? null, verify: detected.verify ?? null, acceptance: null };
  const trust = await describeTrust(facts.commonDir, facts.head, {
    ...(commands.setup === null ? {} : { setup: commands.setup }),
    ...(commands.verify === null ? {} : { verify: commands.verify }),
    source: overridden ? 'ceo' : detected.source,
  });
  if (!trust.ok) return trust;
  const trusted = known?.trusted.includes(trust.value.digest) ?? false;
  return ok({ project, facts, commands, source: overridden ? 'ceo' : detected.source, trust: trust.value, trusted });
}

/** The operations on projects. */
export function projectOperations(parts: Parts): Operations['projects'] {
  const open = async (found: LookedAt) =>
    parts.projects.execute(found.project, {
      type: 'open',
      path: found.facts.topLevel,
      name: basename(found.facts.topLevel),
    });
  return {
    async inspect(input) {
      const found = await lookAt(parts, resolve(input.path));
      if (!found.ok) return found;
      const { facts, commands, source, trust, trusted, project } = found.value;
      return ok({
        project,
        path: facts.topLevel,
        branch: facts.branch,
        head: facts.head,
        warnings: [...facts.warnings],
        commands: { setup: commands.setup, verify: commands.verify, source },
        trust: { digest: trust.digest, trusted, items: trust.items.map((item) => ({ ...item })) },
      });
    },
    list: async () => ok(parts.projects.ids().flatMap((id) => parts.projects.state(id) ?? [])),
    async trust(input) {
      const found = await lookAt(parts, resolve(input.path));
      if (!found.ok) return found;
      if (found.value.trust.digest !== input.digest) {
        return err(
          faultOf(
            'trust-changed',
            'The repository has changed since you looked.',
            'What would run is no longer what you saw.',
            'Look again, then trust.',
          ),
        );
      }
      const opened = await open(found.value);
      if (!opened.ok) return opened;
      const trusted = await parts.projects.execute(
        found.value.project,
        { type: 'trust', digest: input.digest, by: 'ceo' },
        input.command === undefined ? {} : { id: input.command },
      );
      return trusted.ok ? ok({ sequence: trusted.value.sequence }) : trusted;
    },
    async setCommands({ path, command, ...commands }) {
      const found = await lookAt(parts, resolve(path));
      if (!found.ok) return found;
      const opened = await open(found.value);
      if (!opened.ok) return opened;
      const set = await parts.projects.execute(
        found.value.project,
        { type: 'set-commands', ...commands, source: 'ceo' },
        command === undefined ? {} : { id: command },
      );
      return set.ok ? ok({ sequence: set.value.sequence }) : set;
    },
  };
}
