import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument } from 'yaml';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { AgentRecord } from '#protocol/model/goal/parts.ts';
import { type CrewFile, crewFile, type RoleFile } from './schema.ts';

const LARGEST_FILE = 256 * 1024;

function bad(source: string, why: string): Fault {
  return faultOf('bad-crew', `The crew file ${source} cannot be used.`, why, 'Correct the file and try again.');
}

/** Reads a crew from YAML text. Every problem is named with its line where one is known. */
export function parseCrew(text: string, source: string): Result<CrewFile, Fault> {
  if (text.length > LARGEST_FILE) return err(bad(source, 'It is larger than 256 KiB.'));
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: false, schema: 'core' });
  const broken = document.errors[0];
  if (broken) return err(bad(source, `Line ${lines.linePos(broken.pos[0]).line}: ${broken.message.split('\n')[0]}`));
  let raw: unknown;
  try {
    raw = document.toJS({ maxAliasCount: 100 });
  } catch {
    return err(bad(source, 'It expands to too much.'));
  }
  const parsed = crewFile.safeParse(raw);
  if (!parsed.success) {
    const why = parsed.error.issues.slice(0, 10).map((issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`);
    return err(bad(source, why.join('; ')));
  }
  return checkCrew(parsed.data, source);
}

function checkCrew(crew: CrewFile, source: string): Result<CrewFile, Fault> {
  const roles = Object.entries(crew.roles);
  if (roles.length === 0) return err(bad(source, 'It has no roles.'));
  const leads = roles.filter(([, role]) => role.lead);
  if (leads.length > 1)
    return err(bad(source, `Only one role leads; ${leads.map(([name]) => name).join(' and ')} do.`));
  if (leads.some(([, role]) => role.count > 1)) return err(bad(source, 'There is one Lead.'));
  return ok(crew);
}

/** Reads a crew file. */
export async function loadCrew(path: string): Promise<Result<CrewFile, Fault>> {
  try {
    return parseCrew(await readFile(path, 'utf8'), path);
  } catch (error) {
    return err(bad(path, error instanceof Error ? error.message : String(error)));
  }
}

/** The agents a crew consists of; `only` keeps one role for work without a crew. */
export function hire(crew: CrewFile, newId: (prefix: string) => string, only?: string): AgentRecord[] {
  return Object.entries(crew.roles)
    .filter(([role]) => only === undefined || role === only)
    .flatMap(([role, file]) =>
      Array.from({ length: only === undefined ? file.count : 1 }, (_, index) => ({
        id: newId('agent'),
        name: file.count > 1 ? `${file.title} ${index + 1}` : file.title,
        role,
        driver: file.driver,
        model: file.model,
        lead: file.lead,
        ...confinement(file),
      })),
    );
}

/** Whether a role may change files of some paths only, as an agent's record says it. */
export function confinement({ lead, writable }: RoleFile): { readonly confined?: true } {
  return lead || writable.includes('**') ? {} : { confined: true };
}
