/**
 * Named places where fault tests end the process. `AIOS_FAILPOINT=name:hit` ends it with SIGKILL the `hit`-th time the
 * place is reached; without the variable the call costs one comparison.
 */
const [armedName, armedHit] = (process.env['AIOS_FAILPOINT'] ?? '').split(':');
let hits = 0;

/** Every failpoint there is; fault tests hit each. */
export const FAILPOINTS = [
  'before-commit',
  'mid-transaction',
  'after-commit',
  'mid-sorting',
  'before-perform',
  'after-perform',
  'before-report',
  'after-report',
  'workspace-created',
  'host-launched',
  'attempt-committed',
  'merge-computed',
  'merge-written',
  'budget-reserved',
  'call-settled',
  'message-stored',
  'message-rung',
  'handover-begun',
  'handover-made',
  'accept-written',
] as const;

/** A name in {@link FAILPOINTS}. */
export type FailpointName = (typeof FAILPOINTS)[number];

/** Ends the process here when armed. See {@link FAILPOINTS}. */
export function failpoint(name: FailpointName): void {
  if (armedName !== name) return;
  hits += 1;
  if (hits === Number(armedHit ?? 1)) process.kill(process.pid, 'SIGKILL');
}
