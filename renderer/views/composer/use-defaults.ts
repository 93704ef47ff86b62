import { useEffect, useState } from 'react';
import type { RoleView } from '#protocol/contract/plan.ts';
import { ask } from '../../store/send.ts';

/** What holds for a project unless the CEO says otherwise for this goal. */
export interface Defaults {
  readonly mode: 'ask' | 'go';
  readonly capUsd: number;
  readonly roles: readonly RoleView[];
}

const FIRST: Defaults = { mode: 'ask', capUsd: 10, roles: [] };

/** Asks the settings of a project and the roles of the crew. */
export function useDefaults(project: string | null): Defaults {
  const [defaults, setDefaults] = useState(FIRST);
  useEffect(() => {
    let current = true;
    void Promise.all([
      ask((client) => client.settings.list({ project })),
      ask((client) => client.setup.roles({})),
    ]).then(([settings, roles]) => {
      if (!current) return;
      const value = (key: string) => (settings.ok ? settings.value.find((each) => each.key === key)?.value : null);
      setDefaults({
        mode: value('goals.mode') === 'go' ? 'go' : 'ask',
        capUsd: Number(value('goals.capUsd')) || FIRST.capUsd,
        roles: roles.ok ? roles.value : [],
      });
    });
    return () => {
      current = false;
    };
  }, [project]);
  return defaults;
}
