/** Redraws a block of lines in place. */
export interface Painter {
  paint(lines: readonly string[]): void;
  /** Leaves the last picture on the screen and goes below it. */
  end(): void;
}

const CLEAR_TO_END = '\u001b[0J';
const up = (lines: number) => (lines > 0 ? `\u001b[${lines}A\r` : '\r');

/** Paints by moving the cursor up over the last picture. Equal pictures are not painted again. */
export function createPainter(write: (text: string) => void): Painter {
  let shown: readonly string[] = [];
  return {
    paint(lines) {
      if (lines.length === shown.length && lines.every((line, index) => line === shown[index])) return;
      write(`${up(shown.length)}${CLEAR_TO_END}${lines.map((line) => `${line}\n`).join('')}`);
      shown = lines;
    },
    end() {
      shown = [];
    },
  };
}
