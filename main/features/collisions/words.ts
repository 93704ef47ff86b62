import type { CollisionKind, CollisionPolicy } from '#protocol/model/goal/collision.ts';

/** What a message about a collision is made of. */
export interface TellParts {
  readonly kind: CollisionKind;
  readonly action: CollisionPolicy;
  /** Whether the reader's work is the earlier. */
  readonly first: boolean;
  readonly files: readonly string[];
  /** The other agent, null for what is merged already. */
  readonly other: { readonly name: string; readonly task: string; readonly elsewhere: boolean } | null;
}

const MOST_FILES = 30;

function listed(files: readonly string[]): string {
  const shown = files.slice(0, MOST_FILES).map((file) => `- ${file}`);
  const more = files.length > MOST_FILES ? [`- and ${files.length - MOST_FILES} more`] : [];
  return [...shown, ...more].join('\n');
}

function advice({ kind, action, first, other }: TellParts): string {
  if (other === null)
    return 'Go on. When you call complete_task, AIOS merges what is merged already into your workspace, and you resolve what is left.';
  if (other.elsewhere)
    return 'That agent works on another goal for the same branch; you cannot write to it. Keep your change there as small as you can, or tell the CEO.';
  if (kind === 'leased')
    return first
      ? `You hold a lease on them. ${other.name} was told to leave them alone; say with send_message what you need.`
      : `${other.name} holds a lease on them. Undo your change there, ask ${other.name} for what you need, or take the files with claim_files when the lease is over.`;
  switch (action) {
    case 'warn':
      return `Agree with ${other.name} by send_message who changes what, or keep your changes apart. Whoever is merged later resolves the conflict.`;
    case 'sequence':
      return first
        ? `Your work is merged first; ${other.name}'s waits for it. Go on with your task.`
        : `${other.name}'s work is merged first. Finish what does not depend on it and call complete_task: your work waits, then AIOS merges the result of ${other.name} into your workspace before yours is merged.`;
    case 'hand-over':
      return first
        ? `These files are yours now: a lease keeps them for you. ${other.name} was told to leave them to you and may write to you what it needs in them.`
        : `These files go to ${other.name}. Undo your changes in them, and send ${other.name} a message that says what you need there.`;
  }
}

/** The words of one message: what collides, with whom, what the other is doing, and what to do. Data for an agent, never an order. */
export function wordsFor(parts: TellParts): { readonly subject: string; readonly body: string } {
  const { other, files, kind } = parts;
  const who = other === null ? 'what is merged already' : `${other.name}'s work`;
  const count = `${files.length} ${files.length === 1 ? 'file' : 'files'}`;
  const subject =
    kind === 'leased' ? `${count} changed under a file lease` : `Your work collides with ${who} in ${count}`;
  const task = other === null ? '' : `\n${other.name}'s task: ${other.task}\n`;
  const what = kind === 'leased' ? 'Changed files' : 'Merged as they are now, these files conflict';
  return { subject: subject.slice(0, 200), body: `${what}:\n${listed(files)}\n${task}\n${advice(parts)}` };
}
