import type { Fault } from '#protocol/model/fault.ts';

/** How `aios` ends, for scripts. Documented in `aios help`; the numbers never change their meaning. */
export const EXIT = {
  /** What was asked is done: the goal is ready, accepted or merged; the list was printed. */
  done: 0,
  /** The goal failed or is stuck. */
  failed: 1,
  /** An unknown option or an input that does not fit. */
  usage: 2,
  /** The repository must be trusted first (`--trust`). */
  needsTrust: 3,
  /** Nothing moves until the CEO answers (`aios inbox`). */
  needsCeo: 4,
  /** Stopped or cancelled before it was done. */
  stopped: 5,
  /** Another orchestrator owns the data folder, or the running one cannot be reached. */
  cannotAttach: 6,
  /** The machine lacks something: git, disk space, a port, a data folder. */
  environment: 7,
  /** Interrupted twice; nothing is lost, the journal is durable. */
  interrupted: 130,
} as const;

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const BY_TAG: Readonly<Record<string, ExitCode>> = {
  'needs-trust': EXIT.needsTrust,
  'not-running': EXIT.cannotAttach,
  'cannot-attach': EXIT.cannotAttach,
  'home-owned': EXIT.cannotAttach,
  'connection-lost': EXIT.cannotAttach,
  'feed-ended': EXIT.cannotAttach,
  'git-missing': EXIT.environment,
  'git-too-old': EXIT.environment,
  'disk-low': EXIT.environment,
  'disk-unknown': EXIT.environment,
  'home-unusable': EXIT.environment,
  'port-in-use': EXIT.environment,
  'cannot-listen': EXIT.environment,
  'no-upstream': EXIT.environment,
  'settings-unreadable': EXIT.environment,
  'page-not-built': EXIT.environment,
  'no-such-rehearsal': EXIT.usage,
};

/** The code a fault ends the program with; a fault that is not about the machine is about the input. */
export function exitCodeOf(fault: Fault): ExitCode {
  return BY_TAG[fault.tag] ?? EXIT.usage;
}
