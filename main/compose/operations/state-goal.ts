import { isAbsolute, join } from 'node:path';
import type { z } from 'zod';
import { splitStream } from '#main/engine/streams.ts';
import { type CrewFile, hire, loadCrew, type RoleFile } from '#main/features/crew/index.ts';
import type { ProposedTask } from '#main/features/goals/index.ts';
import { findTemplate, nodesFor, proposedOf } from '#main/features/plans/index.ts';
import { readBrought, readContext } from '#main/features/projects/index.ts';
import type { GoalSetup } from '#main/features/runs/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import { GOAL_TEXT_LIMIT, type newGoal } from '#protocol/contract/goals.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { type Experience, lessonsOf, pooled } from '#protocol/model/goal/expertise.ts';
import { nanosFromUsd } from '#protocol/model/money.ts';
import type { Parts } from '../parts.ts';
import { keepImages, readImages, textWithImages } from './goal-images.ts';
import { type LookedAt, lookAt } from './projects.ts';

type Input = z.output<typeof newGoal>;

/** The text of a goal as it is kept, or why it is none. */
export function checkText(text: string, board: boolean): Result<string, Fault> {
  const said = text.replaceAll('\0', '').trim();
  // Marks that nobody sees are no sentence either.
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(said))
    return err(
      faultOf(
        'empty-goal',
        board ? 'The board has no name.' : 'The goal is empty.',
        board ? 'It could not be told from others.' : 'There is nothing to work on.',
        board ? 'Give it a name.' : 'Say in a sentence what should be true at the end.',
      ),
    );
  if (said.length > GOAL_TEXT_LIMIT) {
    return err(
      faultOf(
        'goal-too-long',
        'The goal is too long.',
        `It has ${said.length} characters; ${GOAL_TEXT_LIMIT} are read.`,
        'Say it in fewer words; put long material into the repository.',
      ),
    );
  }
  return ok(said);
}

/** A branch's name for a goal: `Add due dates!` becomes `aios/add-due-dates-x1y2`. */
export function branchFor(text: string, id: string): string {
  const words = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return `aios/${words || 'goal'}-${id.slice(-4)}`;
}

/** Reads a crew: a shipped name or the full path of a file. */
export async function crewOf(parts: Parts, crew: string): Promise<Result<CrewFile, Fault>> {
  const named = /^[a-z][a-z0-9-]{0,30}$/.test(crew);
  const path = named ? join(parts.config.resources, 'crews', `${crew}.yaml`) : crew;
  if (!named && !isAbsolute(path)) {
    return err(
      faultOf(
        'bad-crew',
        `There is no crew "${crew}".`,
        'A crew is a shipped name or the full path of a file.',
        'Use "default" or a path.',
      ),
    );
  }
  return loadCrew(path);
}

function checkRoles(crew: CrewFile, input: Input): Result<void, Fault> {
  const roles = Object.keys(crew.roles);
  if (input.agent !== undefined && !crew.roles[input.agent]) {
    return err(
      faultOf(
        'no-such-role',
        `The crew has no role "${input.agent}".`,
        `Its roles: ${roles.join(', ')}.`,
        'Choose one of these.',
      ),
    );
  }
  if (
    input.agent === undefined &&
    input.template === undefined &&
    !input.board &&
    !Object.values(crew.roles).some((role) => role.lead)
  ) {
    return err(
      faultOf(
        'no-lead',
        'The crew has no Lead.',
        'Somebody must plan the goal.',
        'Mark one role as lead, or name one agent.',
      ),
    );
  }
  return ok(undefined);
}

/** Refuses with `needs-trust` what is not trusted as it is now. */
export function checkTrust(found: LookedAt): Result<void, Fault> {
  if (found.trusted) return ok(undefined);
  const items = found.trust.items.map((item) => `${item.path} (${item.summary})`).slice(0, 30);
  return err(
    faultOf(
      'needs-trust',
      'This repository is not trusted yet.',
      `It would run or steer agents with: ${items.join('; ') || 'nothing'}.`,
      'Look at these, then trust them (--trust).',
    ),
  );
}

function withModel(crew: CrewFile, model: string | undefined): CrewFile {
  if (model === undefined) return crew;
  const roles = Object.fromEntries(Object.entries(crew.roles).map(([name, role]) => [name, { ...role, model }]));
  return { ...crew, roles };
}

/** What the CEO asks for caps every role; a role's own cap holds where it is lower. */
function withCaps(crew: CrewFile, { runCapUsd, turns, minutes }: Input): CrewFile {
  const lower = (own: number | undefined, asked: number | undefined) =>
    asked === undefined ? own : Math.min(own ?? asked, asked);
  const capped = (caps: RoleFile['caps']) => {
    const all = {
      ...caps,
      usd: lower(caps.usd, runCapUsd),
      turns: lower(caps.turns, turns),
      minutes: lower(caps.minutes, minutes),
    };
    return Object.fromEntries(Object.entries(all).filter(([, cap]) => cap !== undefined));
  };
  const roles = Object.fromEntries(
    Object.entries(crew.roles).map(([name, role]) => [name, { ...role, caps: capped(role.caps) }]),
  );
  return { ...crew, roles };
}

/** States a goal on a repository: inspects, checks trust, fixes crew and commands, and lets it run. */
export async function stateGoal(
  parts: Parts,
  input: Input,
): Promise<Result<{ goal: string; sequence: number }, Fault>> {
  const text = checkText(input.text, input.board);
  if (!text.ok) return text;
  const images = readImages(input.images);
  if (!images.ok) return images;
  const loaded = await crewOf(parts, input.crew);
  if (!loaded.ok) return loaded;
  const crew = withCaps(withModel(loaded.value, input.model), input);
  const roles = checkRoles(crew, input);
  if (!roles.ok) return roles;
  const upstream = parts.upstreams.config(input.upstream);
  if (!upstream)
    return err(
      faultOf(
        'no-upstream',
        'No model endpoint is set up.',
        'There is neither a key nor a login nor another endpoint.',
        'Set ANTHROPIC_API_KEY, or try the demo crew: aios rehearse.',
      ),
    );
  const found = await lookAt(parts, input.path, input.base);
  if (!found.ok) return found;
  const trusted = checkTrust(found.value);
  if (!trusted.ok) return trusted;
  const plan = await planFor(parts, input.template, text.value);
  if (!plan.ok) return plan;
  const setup = await setupFor(parts, crew, found.value, upstream.key === null);
  const wanted = (key: string) => Number(parts.settings.value(key, found.value.facts.topLevel));
  const goal = parts.newId('goal');
  // Nobody plans a board, so it needs no Lead.
  const agents = hire(crew, parts.newId, input.agent).filter((agent) => !input.board || !agent.lead);
  // Before the goal is there: an agent may look at once.
  await keepImages(parts.world.objects, goal, images.value);
  const stated = await parts.goals.execute(
    goal,
    {
      type: 'state',
      project: found.value.project,
      text: textWithImages(text.value, images.value),
      mode: input.mode,
      upstream: upstream.id,
      ledger: upstream.scripted ? 'rehearsal' : 'real',
      branch: branchFor(text.value, goal),
      base: found.value.facts.head,
      target: found.value.facts.branch,
      crew: JSON.stringify(setup),
      agents,
      limits: {
        attempts: crew.limits.attempts,
        fixes: crew.limits.fixes,
        nudges: crew.limits.nudges,
        recoveries: crew.limits.recoveries,
        tasks: crew.limits.tasks,
        turns: input.turns ?? wanted('goals.turns'),
        minutes: input.minutes ?? wanted('goals.minutes'),
        goalNanos: nanosFromUsd(input.capUsd ?? (wanted('goals.capUsd') || crew.limits.usd)),
        runNanos: nanosFromUsd(input.runCapUsd ?? wanted('goals.runCapUsd')),
      },
      solo: input.agent === undefined || input.board ? null : (agents[0]?.id ?? null),
      board: input.board,
      ...(plan.value === null ? {} : { plan: plan.value }),
      expertise: learned(parts, found.value.project, upstream.scripted),
      onCollision: crew.collisions,
    },
    input.command === undefined ? {} : { id: input.command },
  );
  // A repeated command names the goal it stated the first time.
  return stated.ok ? ok({ goal: splitStream(stated.value.stream).id, sequence: stated.value.sequence }) : stated;
}

/** What this project's goals taught; a rehearsal learns from rehearsals only, and nobody else from them. */
function learned(parts: Parts, project: string, rehearsal: boolean): Experience[] {
  const ledger = rehearsal ? 'rehearsal' : 'real';
  const goals = parts.goals.ids().flatMap((id) => parts.goals.state(id) ?? []);
  return pooled(goals.filter((goal) => goal.project === project && goal.ledger === ledger).flatMap(lessonsOf));
}

/** The tasks of the template that is wanted; null without one. */
async function planFor(
  parts: Parts,
  template: string | undefined,
  goal: string,
): Promise<Result<ProposedTask[] | null, Fault>> {
  if (template === undefined) return ok(null);
  const found = await findTemplate(join(parts.config.resources, 'plans'), template);
  if (!found.ok) return found;
  const whoIs = (name: string) =>
    name === 'anyone' ? { kind: 'anyone' as const } : { kind: 'role' as const, role: name };
  return ok(proposedOf(nodesFor(found.value, goal), whoIs));
}

const NOBODY = { name: 'AIOS', email: 'aios@localhost' };

async function setupFor(parts: Parts, crew: CrewFile, found: LookedAt, login: boolean): Promise<GoalSetup> {
  const { facts, commands } = found;
  const brought = await readBrought(facts.commonDir, facts.head, crew.context);
  return {
    crew,
    commands: { ...commands, minutes: parts.commandMinutes },
    context: [...(await readContext(facts.commonDir, facts.head))].filter((each) =>
      crew.context.files.includes(each.source),
    ),
    extraMcpServers: brought.mcpServers,
    skills: [...brought.skills],
    leftOut: [...brought.leftOut],
    login: login ? 'login' : 'key',
    executable: parts.config.executable,
    author: facts.identity ?? NOBODY,
    repository: facts.topLevel,
  };
}
