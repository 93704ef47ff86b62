import { useState } from 'react';
import type { Gate } from '#protocol/model/goal/spec.ts';
import { TASK_OVER } from '#protocol/model/goal/status.ts';
import { t } from '../../../i18n/index.ts';
import { useGoal } from '../../../store/shown.ts';
import { select, setOverlay } from '../../../store/view-store.ts';
import { Button } from '../../../ui/Button.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { gateFrom, isProblem } from '../../inspector/plan/form.ts';
import { problemText } from '../../inspector/plan/problem.ts';
import { taskNode } from '../model.ts';
import { addGate } from './actions.ts';
import { GATE_KINDS } from './gate-kinds.ts';
import { NodeSelect } from './NodeSelect.tsx';

const close = () => setOverlay(null);

const VALUE_NAMES = { check: 'plan:command', timer: 'plan:minutes', event: 'plan:signalName' } as const;

/** Adds a gate: what it waits for, what stands before it, what it holds up. */
export function GateDialog({ after: chosen }: { readonly after: string | null }) {
  const goal = useGoal();
  const [title, setTitle] = useState('');
  const [kind, setKind] = useState<Gate['kind']>('approval');
  const [value, setValue] = useState('');
  const [after, setAfter] = useState(chosen ?? '');
  const [before, setBefore] = useState('');
  const gate = gateFrom(kind, value);
  const add = async () => {
    if (title.trim() === '' || isProblem(gate)) return;
    const id = await addGate(title.trim(), gate, after === '' ? null : after, before === '' ? null : before);
    if (id === null) return;
    close();
    select([taskNode(id)]);
  };
  return (
    <Dialog
      title={t('plan:newGate')}
      onClose={close}
      footer={
        <>
          <Button onClick={close}>{t('cancel')}</Button>
          <Button
            look="primary"
            type="submit"
            form="graph-new-gate"
            disabled={title.trim() === '' || isProblem(gate) || !goal}
          >
            {t('plan:addGate')}
          </Button>
        </>
      }
    >
      <form
        id="graph-new-gate"
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <div className="field">
          <label htmlFor="gate-title">{t('graph:title')}</label>
          <input
            id="gate-title"
            className="input"
            maxLength={200}
            autoFocus
            value={title}
            onChange={(event) => setTitle(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor="gate-kind">{t('plan:gateOf')}</label>
          <select
            id="gate-kind"
            className="input"
            value={kind}
            onChange={(event) => setKind(GATE_KINDS.find((each) => each === event.target.value) ?? 'approval')}
          >
            {GATE_KINDS.map((each) => (
              <option key={each} value={each}>
                {t(`plan:gate.${each}`)}
              </option>
            ))}
          </select>
          <small>{t(`plan:gateHint.${kind}`)}</small>
        </div>
        {kind !== 'approval' && (
          <div className="field">
            <label htmlFor="gate-value">{t(VALUE_NAMES[kind])}</label>
            <input
              id="gate-value"
              className="input mono"
              maxLength={1_000}
              value={value}
              aria-invalid={value !== '' && isProblem(gate)}
              onChange={(event) => setValue(event.target.value)}
            />
            {value !== '' && isProblem(gate) && <small className="problem">{problemText(gate)}</small>}
          </div>
        )}
        {goal && (
          <>
            <NodeSelect goal={goal} label={t('plan:after')} value={after} fits={() => true} onChoose={setAfter} />
            <NodeSelect
              goal={goal}
              label={t('plan:before')}
              value={before}
              fits={({ id, status }) => id !== after && status !== 'active' && !TASK_OVER.has(status)}
              onChoose={setBefore}
            />
          </>
        )}
        {!goal && <p className="quiet">{t('graph:needGoal')}</p>}
      </form>
    </Dialog>
  );
}
