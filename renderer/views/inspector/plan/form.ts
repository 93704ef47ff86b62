import type { SpecChange } from '#protocol/contract/node.ts';
import type { TextOf } from '#protocol/model/goal/describe.ts';
import type { Gate } from '#protocol/model/goal/spec.ts';
import type { Task } from '#protocol/model/goal/state.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Minutes of the longest deadline and timer. */
const MONTH = 30 * 24 * 60;

/** How a node is run, as its form holds it: texts as typed; empty says nothing. */
export interface RunForm {
  readonly done: string;
  /** One command a line. */
  readonly checks: string;
  readonly review: string;
  readonly deadline: string;
  readonly attempts: string;
  readonly backoff: string;
  readonly escalate: string;
  readonly race: string;
  readonly keep: 'best' | 'first';
  /** The command, minutes or name of a gate. */
  readonly gate: string;
}

/** What is wrong with a form: a number out of its bounds, a name, an empty command. */
export type FormProblem =
  | { readonly kind: 'number'; readonly text: string; readonly least: number; readonly most: number }
  | { readonly kind: 'word' }
  | { readonly kind: 'command' };

const asText = (value: number | undefined, unit = 1) => (value === undefined ? '' : String(value / unit));

function gateText(gate: Gate | undefined, textOf: TextOf): string {
  switch (gate?.kind) {
    case 'check':
      return textOf(gate.command);
    case 'timer':
      return String(gate.ms / MINUTE);
    case 'event':
      return gate.name;
    default:
      return '';
  }
}

/** The form of a node as it is run now. */
export function formOf({ spec = {} }: Task, textOf: TextOf): RunForm {
  return {
    done: spec.done === undefined ? '' : textOf(spec.done),
    checks: (spec.checks ?? []).map(textOf).join('\n'),
    review: spec.review?.role ?? '',
    deadline: asText(spec.deadlineMs, MINUTE),
    attempts: asText(spec.attempts),
    backoff: asText(spec.backoffMs, SECOND),
    escalate: spec.escalate ?? '',
    race: asText(spec.race),
    keep: spec.keep ?? 'best',
    gate: gateText(spec.gate, textOf),
  };
}

/** A number of a form in its unit; null when it is left empty. */
function numberIn(text: string, least: number, most: number, whole = true): number | null | FormProblem {
  if (text.trim() === '') return null;
  const value = Number(text);
  const fits = value >= least && value <= most && (!whole || Number.isInteger(value));
  return fits ? value : { kind: 'number', text: text.trim().slice(0, 40), least, most };
}

const inMs = (value: number | null | FormProblem, unit: number) =>
  typeof value === 'number' ? Math.round(value * unit) : value;

/** A gate as it is typed: its kind and what goes with it. */
export function gateFrom(kind: Gate['kind'], text: string): NonNullable<SpecChange['gate']> | FormProblem {
  switch (kind) {
    case 'approval':
      return { kind };
    case 'check':
      return text.trim() === '' ? { kind: 'command' } : { kind, command: text.trim() };
    case 'event':
      return /^[a-z][a-z0-9-]{0,39}$/.test(text.trim()) ? { kind, name: text.trim() } : { kind: 'word' };
    case 'timer': {
      const minutes = numberIn(text.trim() === '' ? 'no' : text, 0, MONTH, false);
      return typeof minutes === 'number' ? { kind, ms: Math.round(minutes * MINUTE) } : (minutes ?? { kind: 'word' });
    }
  }
}

/** Whether something is a problem rather than a value. */
export const isProblem = (value: unknown): value is FormProblem =>
  typeof value === 'object' &&
  value !== null &&
  'kind' in value &&
  (value.kind === 'number' || value.kind === 'word' || (value.kind === 'command' && !('command' in value)));

function fieldOf(key: keyof RunForm, form: RunForm, gate: Gate['kind'] | undefined): unknown {
  switch (key) {
    case 'done':
      return form.done.trim();
    case 'checks':
      return form.checks.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
    case 'review':
      return form.review === '' ? null : { role: form.review };
    case 'deadline':
      return inMs(numberIn(form.deadline, 0.1, MONTH, false), MINUTE);
    case 'attempts':
      return numberIn(form.attempts, 1, 10);
    case 'backoff':
      return inMs(numberIn(form.backoff, 1, 86_400), SECOND);
    case 'escalate':
      return form.escalate === '' ? null : form.escalate;
    case 'race':
      return numberIn(form.race, 2, 5);
    case 'keep':
      return form.keep;
    case 'gate':
      return gate === undefined ? undefined : gateFrom(gate, form.gate);
  }
}

const KEYS: Readonly<Record<keyof RunForm, keyof SpecChange>> = {
  done: 'done',
  checks: 'checks',
  review: 'review',
  deadline: 'deadlineMs',
  attempts: 'attempts',
  backoff: 'backoffMs',
  escalate: 'escalate',
  race: 'race',
  keep: 'keep',
  gate: 'gate',
};

/**
 * What differs between two forms of a node, as the command that makes it so, and the command that takes it back. Empty
 * when nothing differs.
 */
export function changeOf(
  was: RunForm,
  is: RunForm,
  gate: Gate['kind'] | undefined,
): { readonly spec: SpecChange; readonly back: SpecChange } | FormProblem {
  const spec: Record<string, unknown> = {};
  const back: Record<string, unknown> = {};
  for (const key of Object.keys(KEYS) as (keyof RunForm)[]) {
    if (was[key] === is[key]) continue;
    const value = fieldOf(key, is, gate);
    if (isProblem(value)) return value;
    spec[KEYS[key]] = value;
    back[KEYS[key]] = fieldOf(key, was, gate);
  }
  return { spec, back };
}
