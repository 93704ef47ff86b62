import { attemptOf, folderOf } from '#main/features/review/index.ts';
import { err, ok } from '#main/platform/result.ts';
import type { Operations } from '#main/server/operations.ts';
import { faultOf } from '#protocol/model/fault.ts';
import type { Parts } from '../parts.ts';
import { knownGoal } from './known-goal.ts';

/** The operations on the CEO's own shells. */
export function terminalOperations(parts: Parts): Operations['terminal'] {
  const { terminals } = parts;
  return {
    async open({ goal: id, attempt: attemptId, columns, rows }) {
      const goal = knownGoal(parts, id);
      if (!goal.ok) return goal;
      const attempt = attemptOf(goal.value, attemptId);
      if (!attempt.ok) return attempt;
      const folder = await folderOf(parts.places, goal.value, attempt.value);
      if (folder === null) {
        const why = 'It is not made yet, or was removed when the attempt ended.';
        return err(faultOf('no-folder', 'There is no workspace to open.', why, 'Choose an attempt that is at work.'));
      }
      const opened = await terminals.open(folder, columns, rows);
      return opened.ok ? ok({ terminal: opened.value }) : opened;
    },
    output: async (input, signal) => {
      const output = terminals.output(input.terminal, input.after ?? 0, signal);
      return output.ok ? ok(output.value as never) : output;
    },
    input: async (input) => ok({ written: terminals.input(input.terminal, input.data) }),
    resize: async (input) => ok({ resized: terminals.resize(input.terminal, input.columns, input.rows) }),
    close: async (input) => ok({ closed: await terminals.close(input.terminal) }),
  };
}
