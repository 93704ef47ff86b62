import type { NumberedEvent } from '#protocol/contract/feed.ts';

const DEEPEST = 4;

function mentions(value: unknown, ids: ReadonlySet<string>, depth: number): boolean {
  if (typeof value === 'string') return ids.has(value);
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return false;
  return Object.entries(value).some(([key, inner]) => ids.has(key) || mentions(inner, ids, depth + 1));
}

/** Which of a goal's events are about something: they name one of its ids. A settled call is about what it was reserved for. */
export function concerning(events: readonly NumberedEvent[], ids: ReadonlySet<string>): readonly NumberedEvent[] {
  if (ids.size === 0) return events;
  const calls = new Set<string>();
  return events.filter((event) => {
    const data = event.data as { readonly call?: unknown };
    const about = mentions(event.data, ids, 0) || (typeof data.call === 'string' && calls.has(data.call));
    if (about && event.type === 'call.reserved' && typeof data.call === 'string') calls.add(data.call);
    return about;
  });
}

/** Events about both ends: the messages of a conversation, the two ends of a dependency. */
export function concerningBoth(
  events: readonly NumberedEvent[],
  ends: readonly [string, string],
): readonly NumberedEvent[] {
  const [one, other] = [new Set([ends[0]]), new Set([ends[1]])];
  const messages = new Set<string>();
  return events.filter((event) => {
    const { message } = event.data as { readonly message?: unknown };
    const about =
      (mentions(event.data, one, 0) && mentions(event.data, other, 0)) ||
      (typeof message === 'string' && messages.has(message));
    if (about && typeof message === 'string') messages.add(message);
    return about;
  });
}

/** Who did it: the CEO, an agent, or AIOS by itself. */
export function actorOf(event: NumberedEvent, agentOfAttempt: (attempt: string) => string | undefined): string {
  const data = event.data as {
    readonly by?: unknown;
    readonly from?: unknown;
    readonly agent?: unknown;
    readonly attempt?: unknown;
  };
  if (typeof data.by === 'string') return data.by;
  if (typeof data.from === 'string') return data.from;
  const says = ['attempt.claimed', 'attempt.progressed', 'plan.proposed', 'attempt.awaits'].includes(event.type);
  if (says && typeof data.attempt === 'string') return agentOfAttempt(data.attempt) ?? 'system';
  if (event.type.startsWith('call.') && typeof data.agent === 'string') return data.agent;
  return 'system';
}

/** Why or what, in one line: the texts the event refers to, else its own words. */
export function detailOf(event: NumberedEvent): string {
  const texts = Object.values(event.texts).filter((text) => text.trim() !== '');
  if (texts.length > 0) return texts.join(' · ');
  const data = event.data as Readonly<Record<string, unknown>>;
  return ['reason', 'cause', 'outcome', 'result', 'status', 'answer', 'wall', 'model']
    .flatMap((key) => (typeof data[key] === 'string' ? [data[key]] : []))
    .join(' · ');
}
