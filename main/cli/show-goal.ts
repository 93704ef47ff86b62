import type { NumberedEvent } from '#protocol/contract/feed.ts';
import type { World } from '#protocol/model/world.ts';
import { type CliIo, printJson } from './io.ts';
import { createPainter } from './view/painter.ts';
import { renderGoal } from './view/render.ts';
import { sentenceOf } from './view/sentences.ts';

const REDRAW_MS = 100;
const MOST_LINES = 40;

/** Shows a goal as it goes. */
export interface GoalShow {
  onWorld(world: World, events: readonly NumberedEvent[]): void;
  end(): void;
}

/** The picture is redrawn at most ten times a second, and once a second for its clocks. */
function livePicture(io: CliIo, goal: string): GoalShow {
  const painter = createPainter(io.err);
  let world: World | undefined;
  let due = false;
  const draw = () => {
    due = false;
    if (world) painter.paint(renderGoal(world, goal, { width: io.columns() - 1, now: io.now(), height: MOST_LINES }));
  };
  const clock = setInterval(draw, 1_000);
  return {
    onWorld(next) {
      world = next;
      if (due) return;
      due = true;
      setTimeout(draw, REDRAW_MS).unref();
    },
    end() {
      clearInterval(clock);
      draw();
      painter.end();
    },
  };
}

function linePerEvent(io: CliIo, goal: string): GoalShow {
  return {
    onWorld(world, events) {
      for (const event of events) {
        const sentence = sentenceOf(world, goal, event);
        if (sentence !== null) io.err(`${new Date(event.at).toISOString().slice(11, 19)} ${sentence}\n`);
      }
    },
    end() {},
  };
}

function jsonLines(io: CliIo, goal: string): GoalShow {
  return {
    onWorld(_, events) {
      for (const { stream, type, ...event } of events) {
        const other = stream.startsWith('goal/') && stream !== `goal/${goal}`;
        if (!other) printJson(io, { type: 'event', event: type, stream, ...event });
      }
    },
    end() {},
  };
}

/** A live picture on a terminal, else a line for each event that matters; JSON on stdout when asked for. */
export function showGoal(io: CliIo, goal: string, json: boolean): GoalShow {
  if (json) return jsonLines(io, goal);
  return io.isTty ? livePicture(io, goal) : linePerEvent(io, goal);
}
