import { app, dialog } from 'electron';
import type { Operations } from '#main/index.ts';
import type { Summary } from './summary.ts';
import { WORDS } from './words.ts';

/** What quitting needs to know and do. */
export interface QuitOptions {
  readonly operations: Operations;
  readonly summary: () => Summary;
  /** Closes the windows and goes on in the tray. */
  readonly hide: () => void;
  readonly show: () => void;
  /** Ends the orchestrator cleanly. */
  readonly end: () => Promise<void>;
}

const CHOICES = ['keep', 'pause', 'stop', 'cancel'] as const;
type Choice = (typeof CHOICES)[number];

async function ask(running: number): Promise<Choice> {
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: WORDS.running(running),
    detail: WORDS.quitDetail,
    buttons: CHOICES.map((choice) => WORDS[choice]),
    defaultId: CHOICES.indexOf('keep'),
    cancelId: CHOICES.indexOf('cancel'),
    noLink: true,
  });
  return CHOICES[response] ?? 'cancel';
}

/** Quitting with agents at work asks what becomes of them; without, it ends the orchestrator first. */
export function guardQuit(options: QuitOptions): void {
  let phase: 'open' | 'deciding' | 'ended' = 'open';
  /** Going on without a window, because the user said so. */
  let background = false;

  async function act(choice: Choice): Promise<boolean> {
    background = choice === 'keep';
    if (choice === 'keep') options.hide();
    if (choice === 'cancel') options.show();
    if (choice === 'keep' || choice === 'cancel') return false;
    const { goals } = options.operations;
    await Promise.all(options.summary().busy.map((goal) => goals[choice]({ goal }, undefined)));
    return true;
  }

  async function decide(): Promise<void> {
    const { running } = options.summary();
    const leave = running === 0 || (await act(await ask(running)));
    if (!leave) {
      phase = 'open';
      return;
    }
    await options.end();
    phase = 'ended';
    app.quit();
  }

  app.on('before-quit', (event) => {
    if (phase === 'ended') return;
    event.preventDefault();
    if (phase === 'deciding') return;
    phase = 'deciding';
    decide().catch((error: unknown) => {
      phase = 'ended';
      console.error(error);
      app.quit();
    });
  });
  app.on('browser-window-created', () => {
    background = false;
  });
  app.on('window-all-closed', () => {
    // On a Mac a program goes on without a window anyway.
    if (process.platform !== 'darwin' && !background) app.quit();
  });
}
