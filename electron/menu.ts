import { Menu, type MenuItemConstructorOptions } from 'electron';

/** An entry: a command of the page by its id, or one of the system's own. */
type Entry =
  | { readonly label: string; readonly command: string; readonly keys?: string }
  | { readonly role: NonNullable<MenuItemConstructorOptions['role']> }
  | 'line';

/** The menu, whole. Keys are shown only; the page hears them itself. */
export const MENU: ReadonlyArray<{ readonly label: string; readonly entries: readonly Entry[] }> = [
  {
    label: 'Goal',
    entries: [
      { label: 'New goal…', command: 'goal.compose', keys: 'G' },
      'line',
      { label: 'Pause', command: 'goal.pause' },
      { label: 'Continue', command: 'goal.continue' },
      { label: 'Stop', command: 'goal.stop' },
      'line',
      { label: 'Stop all agents…', command: 'window.stop-all', keys: 'CmdOrCtrl+Shift+X' },
      'line',
      { role: 'quit' },
    ],
  },
  {
    label: 'Edit',
    entries: [
      { role: 'undo' },
      { role: 'redo' },
      'line',
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      { role: 'selectAll' },
    ],
  },
  {
    label: 'Go',
    entries: [
      { label: 'Commands…', command: 'window.palette', keys: 'CmdOrCtrl+K' },
      'line',
      { label: 'Start', command: 'go.start' },
      { label: 'Graph', command: 'go.graph', keys: 'CmdOrCtrl+1' },
      { label: 'Board', command: 'go.board', keys: 'CmdOrCtrl+2' },
      { label: 'Timeline', command: 'go.timeline', keys: 'CmdOrCtrl+3' },
      { label: 'Inbox', command: 'go.inbox', keys: 'CmdOrCtrl+4' },
      { label: 'Runs', command: 'go.runs', keys: 'CmdOrCtrl+5' },
      { label: 'Review', command: 'go.review', keys: 'CmdOrCtrl+6' },
      { label: 'Memory', command: 'go.memory', keys: 'CmdOrCtrl+7' },
      { label: 'Cost', command: 'go.cost', keys: 'CmdOrCtrl+8' },
      { label: 'Infra', command: 'go.infra', keys: 'CmdOrCtrl+9' },
      { label: 'Settings', command: 'go.settings' },
    ],
  },
  {
    label: 'View',
    entries: [
      { label: 'Inspector', command: 'window.inspector', keys: 'I' },
      { label: 'Light or dark', command: 'window.theme' },
      { label: 'Density', command: 'window.density' },
      'line',
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { role: 'resetZoom' },
      { role: 'togglefullscreen' },
    ],
  },
  { label: 'Help', entries: [{ label: 'Keyboard', command: 'window.shortcuts', keys: '?' }] },
];

function itemOf(entry: Entry, run: (command: string) => void): MenuItemConstructorOptions {
  if (entry === 'line') return { type: 'separator' };
  if ('role' in entry) return { role: entry.role };
  // A Mac would press them as well as show them.
  const shown =
    entry.keys === undefined || process.platform === 'darwin'
      ? {}
      : { accelerator: entry.keys, registerAccelerator: false };
  return { label: entry.label, click: () => run(entry.command), ...shown };
}

/** Makes the menu; `run` gets the id of the page's command. */
export function setMenu(run: (command: string) => void): void {
  const menus = MENU.map(({ label, entries }) => ({ label, submenu: entries.map((entry) => itemOf(entry, run)) }));
  const own: MenuItemConstructorOptions[] = process.platform === 'darwin' ? [{ role: 'appMenu' }] : [];
  Menu.setApplicationMenu(Menu.buildFromTemplate([...own, ...menus]));
}
