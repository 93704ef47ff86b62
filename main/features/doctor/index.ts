import { homedir } from 'node:os';
import type { Finding } from '#protocol/contract/system.ts';
import { bundledAgent, localModels, login, ownAgent } from './agents.ts';
import { type Check, type DoctorWorld, warning } from './check.ts';
import { dataFolder, disk, docker, git, kubeconfig, node, port, sandbox } from './machine.ts';

/** Everything the doctor looks at, in the order it is shown. */
export const CHECKS: readonly Check[] = [
  git,
  node,
  bundledAgent,
  ownAgent,
  login,
  localModels,
  docker,
  kubeconfig,
  sandbox,
  disk,
  dataFolder,
  port,
];

/** Runs one check within its time; a check that throws or takes too long is a finding, too. */
export async function runCheck(check: Check, world: DoctorWorld): Promise<Finding> {
  const signal = AbortSignal.timeout(check.timeoutMs);
  const late = new Promise<Omit<Finding, 'name'>>((resolve) => {
    signal.addEventListener('abort', () =>
      resolve(warning(`No answer within ${check.timeoutMs} ms.`, 'Try again; the machine may be busy.')),
    );
  });
  const found = check
    .run(world, signal)
    .catch((error: unknown) => warning(`The check itself failed: ${String(error)}`, 'Report this.'));
  return { name: check.name, ...(await Promise.race([found, late])) };
}

/** Looks at the machine: what AIOS needs, what it can use, and what to do about what is missing. Changes nothing but may make the data folder. */
export function runDoctor(options: { readonly home: string } & Partial<DoctorWorld>): Promise<Finding[]> {
  const world: DoctorWorld = {
    env: process.env,
    userHome: homedir(),
    platform: process.platform,
    port: 0,
    keyInSettings: false,
    ...options,
  };
  return Promise.all(CHECKS.map((check) => runCheck(check, world)));
}

export type { Check, DoctorWorld } from './check.ts';
