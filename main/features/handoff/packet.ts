import { fitted, PACKET_TOKENS, tokensOf } from './budget.ts';

/** Something that was said or decided, with its moment in wall-clock milliseconds. */
export interface Dated {
  readonly at: number;
  readonly text: string;
}

/** Everything a packet may be made of. Lists are in any order. */
export interface PacketParts {
  /** Who works, as what: `Ada, Backend (role backend)`. */
  readonly role: string;
  readonly title: string;
  /** Empty where the title says it all. */
  readonly brief: string;
  /** What proves the work: commands, one a line; empty when nothing does. */
  readonly checks: readonly string[];
  /** Why and from whom it is taken over, one sentence. */
  readonly handover: string;
  readonly goal: string;
  readonly decisions: readonly Dated[];
  readonly failures: readonly Dated[];
  /** Messages without an answer, to or from whoever worked. */
  readonly threads: readonly Dated[];
  /** One line a file. */
  readonly files: readonly string[];
  /** What the predecessor said last, and would do next. */
  readonly next: string;
  readonly notes: readonly Dated[];
  /** What it said before that. */
  readonly said: readonly Dated[];
  /** What is known from elsewhere: recalled knowledge. */
  readonly knowledge: readonly Dated[];
}

/** Fewest tokens a packet is made with: what must be in it would not fit into less. */
export const LEAST_TOKENS = 400;

const oneLine = (text: string) => text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();

/** Texts of others must neither end the packet nor look like its headings. */
function plain(text: string): string {
  return text
    .replaceAll('\0', '')
    .replaceAll(/<(\/?)packet/gi, '‹$1packet')
    .trim()
    .replaceAll(/^#/gm, ' #');
}

interface Section {
  readonly heading: string;
  /** Most tokens of its text; it is trimmed to them, and to what is left. */
  readonly most: number;
  /** Lines in the order in which they are worth keeping. */
  readonly lines: readonly string[];
  /** Which end of a line that is too long says more. */
  readonly keep: 'head' | 'tail';
}

const newestFirst = (dated: readonly Dated[]) => [...dated].sort((a, b) => b.at - a.at).map((each) => each.text);

/** Share of the budget that each of these may take, so that one long text leaves room for the others. */
const share = (budget: number, part: number) => Math.floor(budget * part);

function sections(parts: PacketParts, budget: number): Section[] {
  const [lastFailure = '', ...earlier] = newestFirst(parts.failures);
  const checks = parts.checks.filter((each) => plain(each) !== '');
  const of = (heading: string, part: number, lines: readonly string[], keep: Section['keep'] = 'head'): Section => ({
    heading,
    most: share(budget, part),
    lines: lines.map(plain).filter((line) => line !== ''),
    keep,
  });
  const bullets = (lines: readonly string[]) => lines.map((line) => `- ${line}`);
  return [
    of('Role', 0.06, [parts.role]),
    of('Task', 0.2, [oneLine(parts.title), parts.brief]),
    of('Acceptance checks', 0.08, checks.length === 0 ? ['None: the CEO looks at the work.'] : checks),
    of('Last failure', 0.2, [lastFailure], 'tail'),
    of('Taken over', 0.05, [parts.handover]),
    of('Decisions', 0.25, bullets(newestFirst(parts.decisions))),
    of('Next, as its predecessor said', 0.15, [parts.next], 'tail'),
    of('Open threads', 0.2, bullets(newestFirst(parts.threads))),
    of('Files touched', 0.15, parts.files.map(oneLine)),
    of('What failed before', 0.25, bullets(earlier), 'tail'),
    of('Progress', 0.1, bullets(newestFirst(parts.notes))),
    of('Known', 0.2, bullets(newestFirst(parts.knowledge))),
    of('Goal', 0.15, [parts.goal]),
    of('Said before, newest first', 0.5, bullets(newestFirst(parts.said))),
  ];
}

/** Sections that are always there. */
const MANDATORY = 4;

/** A section within what is left, its best lines first; empty when nothing of it fits. */
function written({ heading, most, lines, keep }: Section, left: number): string {
  const head = `# ${heading}`;
  let room = Math.min(most, left - tokensOf(`${head}\n\n`));
  const kept: string[] = [];
  for (const line of lines) {
    const fits = fitted(line, room - 1, keep);
    if (fits === '') break;
    kept.push(fits);
    room -= tokensOf(fits) + 1;
    if (fits !== line) break;
  }
  return kept.length === 0 ? '' : `${head}\n${kept.join('\n')}`;
}

/**
 * What a successor starts from, within a budget of tokens (at least {@link LEAST_TOKENS}). Role, task, acceptance checks
 * and the last failure are always in it; decisions and failures come before what was merely said, newer before older. What
 * does not fit is left out, texts that are too long are cut. The same parts give the same packet.
 */
export function buildPacket(parts: PacketParts, tokens = PACKET_TOKENS): string {
  const budget = Math.max(tokens, LEAST_TOKENS);
  const kept: string[] = [];
  let left = budget;
  sections(parts, budget).forEach((section, index) => {
    const text = written(section, index < MANDATORY ? Number.POSITIVE_INFINITY : left);
    if (text === '') return;
    kept.push(text);
    left -= tokensOf(`${text}\n\n`) + 1;
  });
  return kept.join('\n\n');
}
