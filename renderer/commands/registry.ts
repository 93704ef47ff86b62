import type { LucideIcon } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import type { View } from '../store/view-store.ts';

/** One thing the CEO can do. Menu, palette, keys and toolbars all come from it. */
export interface Command {
  /** `graph.tidy`. */
  readonly id: string;
  readonly title: () => string;
  readonly group: 'go' | 'goal' | 'task' | 'agent' | 'graph' | 'inbox' | 'replay' | 'window';
  /** Chords: `g`, `shift+a`, `mod+k` (`mod` is Cmd on a Mac, Ctrl elsewhere), `escape`. The first is shown. */
  readonly keys?: readonly string[];
  readonly icon?: LucideIcon;
  /** The only view in which its keys work; absent: everywhere. */
  readonly view?: View;
  /** Works while a text is being typed. */
  readonly whileTyping?: boolean;
  /** Hidden where it has no meaning now. Reads stores; called often, so cheap. */
  readonly when?: () => boolean;
  /** Why it cannot be done now, or null. Shown beside the disabled entry. */
  readonly why?: () => string | null;
  readonly run: () => void;
}

let commands: readonly Command[] = [];
const listeners = new Set<() => void>();

/** Adds commands. An id registered again replaces the former, so that modules may be reloaded. Returns how to remove them. */
export function registerCommands(added: readonly Command[]): () => void {
  const ids = new Set(added.map((command) => command.id));
  const change = (next: readonly Command[]) => {
    commands = next;
    for (const listener of listeners) listener();
  };
  change([...commands.filter((command) => !ids.has(command.id)), ...added]);
  return () => change(commands.filter((command) => !added.includes(command)));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** All registered commands. */
export const useCommands = (): readonly Command[] => useSyncExternalStore(subscribe, () => commands);

/** All registered commands now. */
export const allCommands = (): readonly Command[] => commands;

/** Whether a command can be done now. */
export const isEnabled = (command: Command): boolean =>
  (command.when?.() ?? true) && (command.why?.() ?? null) === null;

/** Does a command by its id; false when there is none or it cannot be done now. */
export function runCommand(id: string): boolean {
  const command = commands.find((each) => each.id === id);
  if (!command || !isEnabled(command)) return false;
  command.run();
  return true;
}
