import { Radio } from 'lucide-react';
import type { Task } from '#protocol/model/goal/state.ts';
import { t } from '../../../i18n/index.ts';
import { setOverlay } from '../../../store/view-store.ts';
import { useIsPast } from '../../../store/world-store.ts';
import { Button } from '../../../ui/Button.tsx';

/** The way to tell an event gate that waits what happened. */
export function SignalGate({ task }: { readonly task: Task }) {
  const past = useIsPast();
  const gate = task.spec?.gate;
  if (past || gate?.kind !== 'event' || task.status !== 'active') return null;
  return (
    <div className="inspect-actions">
      <Button look="primary" icon={Radio} onClick={() => setOverlay({ kind: 'signal', name: gate.name })}>
        {t('plan:commands.signal')}
      </Button>
    </div>
  );
}
