import { commandMatches, simpleCommand } from '#protocol/agent/command.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { Parts } from '../parts.ts';

/**
 * Why a pattern the CEO allows instead of the whole command does not fit what was asked, or null. Checked here because
 * the rules see no texts. An empty pattern is the command itself.
 */
export async function badPattern(parts: Parts, goal: string, item: string, pattern: string): Promise<Fault | null> {
  const asked = parts.goals.state(goal)?.items[item]?.detail;
  if (pattern.trim() === '' || !asked) return null;
  const command = (await parts.engine.payloads([asked.id])).get(asked.id) ?? '';
  if (commandMatches(command, pattern)) return null;
  return faultOf(
    'pattern-does-not-fit',
    'The pattern does not allow what was asked.',
    simpleCommand(command)
      ? `A pattern is the first words of the command: ${command}`
      : 'This is more than one simple command: it can only be allowed as a whole.',
    'Correct the pattern, or allow it once.',
  );
}
