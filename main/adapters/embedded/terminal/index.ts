import { err, ok } from '#main/platform/result.ts';
import type { TerminalOpener } from '#main/ports/terminal/port.ts';
import { faultOf } from '#protocol/model/fault.ts';

function quietly(act: () => void): void {
  try {
    act();
  } catch {
    // The program ended between its last sign of life and this call.
  }
}

/** Pseudo-terminals of this machine. The native part is loaded with the first one: most starts never need it. */
export function nativeTerminals(): TerminalOpener {
  return {
    async open({ program, args, cwd, env, columns, rows }, events) {
      try {
        const { spawn } = await import('@lydell/node-pty');
        const pty = spawn(program, [...args], { name: 'xterm-256color', cols: columns, rows, cwd, env: { ...env } });
        pty.onData(events.onData);
        pty.onExit(({ exitCode, signal }) => events.onEnd(signal ? null : exitCode));
        return ok({
          write: (data) => quietly(() => pty.write(data)),
          resize: (width, height) => quietly(() => pty.resize(width, height)),
          pause: () => quietly(() => pty.pause()),
          resume: () => quietly(() => pty.resume()),
          hangUp: () => quietly(() => pty.kill()),
          kill: () => quietly(() => (process.platform === 'win32' ? pty.kill() : pty.kill('SIGKILL'))),
        });
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return err(faultOf('no-terminal', 'The terminal could not be opened.', why, 'Open the folder in your editor.'));
      }
    },
  };
}
