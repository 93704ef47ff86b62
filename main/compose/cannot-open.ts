import { JournalOwned } from '#main/ports/journal/port.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';

/** Why a data folder could not be opened. */
export function cannotOpen(home: string, error: unknown): Fault {
  if (error instanceof JournalOwned) {
    return faultOf(
      'home-owned',
      'Another AIOS owns this data folder.',
      `${home} is locked by a running orchestrator.`,
      'Use that one (aios open, aios status), or set AIOS_HOME to another folder.',
    );
  }
  const why = error instanceof Error ? error.message : String(error);
  return faultOf(
    'home-unusable',
    `The data folder ${home} cannot be opened.`,
    why,
    'Free space, fix its permissions, or set AIOS_HOME to another folder.',
  );
}
