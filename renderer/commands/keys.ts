import { useView, type View } from '../store/view-store.ts';
import { allCommands, isEnabled } from './registry.ts';

const isMac = /mac/i.test(navigator.userAgent);

/** The chord of a key press: modifiers in a fixed order, then the key in lower case. */
export function chordOf(event: KeyboardEvent): string {
  const key = event.key === ' ' ? 'space' : event.key.toLowerCase();
  const mod = isMac ? event.metaKey : event.ctrlKey;
  // A sign that needs Shift on some keyboards is named by itself: "?" and not "shift+?".
  const shift = event.shiftKey && (key.length > 1 || /[a-z0-9]/.test(key));
  return [mod && 'mod', event.altKey && 'alt', shift && 'shift', key].filter(Boolean).join('+');
}

const LABELS: Readonly<Record<string, string>> = {
  mod: isMac ? '⌘' : 'Ctrl',
  alt: isMac ? '⌥' : 'Alt',
  shift: isMac ? '⇧' : 'Shift',
  escape: 'Esc',
  enter: 'Enter',
  space: 'Space',
  arrowleft: '←',
  arrowright: '→',
  arrowup: '↑',
  arrowdown: '↓',
  delete: 'Del',
  backspace: isMac ? '⌫' : 'Backspace',
};

/** A chord as people read it. */
export function keyLabel(chord: string): string {
  const parts = chord.split('+').map((part) => LABELS[part] ?? part.toUpperCase());
  return parts.join(isMac ? '' : '+');
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest('input, textarea, select, [role="textbox"], .xterm') !== null;
}

function commandFor(chord: string, view: View, typing: boolean) {
  const fitting = allCommands().filter(
    (command) =>
      command.keys?.includes(chord) === true &&
      (command.view === undefined || command.view === view) &&
      (!typing || command.whileTyping === true) &&
      isEnabled(command),
  );
  // What belongs to the view wins over what works everywhere.
  return fitting.find((command) => command.view !== undefined) ?? fitting[0];
}

/** Lets the registered keys work. Returns how to stop. */
export function listenToKeys(): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const { view, overlay } = useView.getState();
    const inDialog = overlay !== null || document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]');
    const chord = chordOf(event);
    // An open dialog has the keys; only what says so works above it.
    const command = commandFor(chord, view, isTyping(event.target) || inDialog !== null);
    if (!command) return;
    event.preventDefault();
    command.run();
  };
  window.addEventListener('keydown', onKey);
  return () => window.removeEventListener('keydown', onKey);
}
