import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { type PlanNode, planNode } from './node.ts';

const planTemplate = z.strictObject({
  title: z.string().trim().min(1).max(60),
  about: z.string().trim().min(1).max(200),
  nodes: z.array(planNode).min(1).max(100),
});

/** A plan that is made before there is a goal; `{{goal}}` in its texts is the goal's. */
export interface PlanTemplate extends z.infer<typeof planTemplate> {
  readonly name: string;
}

const TITLE_LIMIT = 200;

/** The shipped templates, by name. */
export async function listTemplates(folder: string): Promise<PlanTemplate[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  return Promise.all(
    files.map(async (file) => ({
      name: basename(file, '.yaml'),
      ...planTemplate.parse(parse(await readFile(join(folder, file), 'utf8'))),
    })),
  );
}

/** The template of a name. Fails with `no-such-template`, which names those there are. */
export async function findTemplate(folder: string, name: string): Promise<Result<PlanTemplate, Fault>> {
  const templates = await listTemplates(folder);
  const found = templates.find((each) => each.name === name);
  if (found) return ok(found);
  return err(
    faultOf(
      'no-such-template',
      `There is no plan template "${name}".`,
      `There are: ${templates.map((each) => each.name).join(', ')}.`,
      'Choose one of these, or let the Lead plan.',
    ),
  );
}

/** The nodes of a template for a goal. Titles take the goal's first line and are cut where they get too long. */
export function nodesFor(template: PlanTemplate, goal: string): PlanNode[] {
  const line = goal.trim().split('\n')[0] ?? '';
  return template.nodes.map((node) => ({
    ...node,
    title: node.title.replaceAll('{{goal}}', line).slice(0, TITLE_LIMIT),
    brief: node.brief.replaceAll('{{goal}}', goal.trim()).slice(0, 20_000),
  }));
}
