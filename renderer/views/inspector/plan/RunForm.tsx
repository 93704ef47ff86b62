import { useId, useState } from 'react';
import type { Fault } from '#protocol/model/fault.ts';
import { crewOf } from '#protocol/model/goal/ready.ts';
import type { Goal, Task } from '#protocol/model/goal/state.ts';
import { t } from '../../../i18n/index.ts';
import { tell } from '../../../store/notices.ts';
import { send } from '../../../store/send.ts';
import { worldNow } from '../../../store/world-store.ts';
import { plainLine } from '../../../text/plain.ts';
import { Button } from '../../../ui/Button.tsx';
import { FaultBox } from '../../../ui/States.tsx';
import { changeOf, type RunForm as Form, isProblem } from './form.ts';
import { problemText } from './problem.ts';

type Change = (change: Partial<Form>) => void;

function Text({
  label,
  value,
  onChange,
  rows = 1,
  hint,
  numeric = false,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly rows?: number;
  readonly hint?: string;
  readonly numeric?: boolean;
}) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {rows > 1 ? (
        <textarea
          id={id}
          className="input"
          rows={rows}
          maxLength={4_000}
          placeholder={hint}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <input
          id={id}
          className={numeric ? 'input figures' : 'input'}
          inputMode={numeric ? 'decimal' : 'text'}
          maxLength={1_000}
          placeholder={hint}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </div>
  );
}

function Role({
  goal,
  label,
  value,
  onChange,
}: {
  readonly goal: Goal;
  readonly label: string;
  readonly value: string;
  readonly onChange: (role: string) => void;
}) {
  const id = useId();
  const roles = [...new Set([...crewOf(goal).map((agent) => agent.role), ...(value === '' ? [] : [value])])];
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="input" value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{t('plan:nobody')}</option>
        {roles.map((role) => (
          <option key={role} value={role}>
            {role}
          </option>
        ))}
      </select>
    </div>
  );
}

function GateFields({ task, form, change }: { readonly task: Task; readonly form: Form; readonly change: Change }) {
  const kind = task.spec?.gate?.kind;
  if (kind === undefined || kind === 'approval') return null;
  const label = kind === 'check' ? t('plan:command') : kind === 'timer' ? t('plan:minutes') : t('plan:signalName');
  return <Text label={label} value={form.gate} numeric={kind === 'timer'} onChange={(gate) => change({ gate })} />;
}

/** What holds from the start of a task cannot be changed once it runs, and is not offered then. */
function TaskFields({
  goal,
  task,
  form,
  change,
}: {
  readonly goal: Goal;
  readonly task: Task;
  readonly form: Form;
  readonly change: Change;
}) {
  const begun = task.status === 'active' || task.status === 'unverified';
  const keep = useId();
  return (
    <>
      <Text label={t('plan:done')} rows={3} value={form.done} onChange={(done) => change({ done })} />
      <Text
        label={t('plan:checks')}
        rows={2}
        hint={t('plan:checksHint')}
        value={form.checks}
        onChange={(checks) => change({ checks })}
      />
      <Role goal={goal} label={t('plan:review')} value={form.review} onChange={(review) => change({ review })} />
      <div className="plan-pair">
        <Text
          numeric
          label={t('plan:attempts')}
          hint={String(goal.limits.attempts)}
          value={form.attempts}
          onChange={(attempts) => change({ attempts })}
        />
        <Text numeric label={t('plan:backoff')} value={form.backoff} onChange={(backoff) => change({ backoff })} />
      </div>
      <Role
        goal={goal}
        label={t('plan:escalate')}
        value={form.escalate}
        onChange={(escalate) => change({ escalate })}
      />
      <Text numeric label={t('plan:deadline')} value={form.deadline} onChange={(deadline) => change({ deadline })} />
      <div className="plan-pair">
        {!begun && (
          <Text numeric label={t('plan:race')} hint="1" value={form.race} onChange={(race) => change({ race })} />
        )}
        {form.race !== '' && (
          <div className="field">
            <label htmlFor={keep}>{t('plan:keep')}</label>
            <select
              id={keep}
              className="input"
              value={form.keep}
              onChange={(event) => change({ keep: event.target.value === 'first' ? 'first' : 'best' })}
            >
              <option value="best">{t('plan:keepBest')}</option>
              <option value="first">{t('plan:keepFirst')}</option>
            </select>
          </div>
        )}
      </div>
    </>
  );
}

/** Changes how a node is run. What the engine refuses stays typed, with its reason. */
export function RunForm({
  goal,
  task,
  was,
  onClose,
}: {
  readonly goal: Goal;
  readonly task: Task;
  readonly was: Form;
  readonly onClose: () => void;
}) {
  const [before] = useState(was);
  const [form, setForm] = useState(was);
  const [refusal, setRefusal] = useState<Fault | null>(null);
  const changed = changeOf(before, form, task.spec?.gate?.kind);
  const change: Change = (part) => {
    setForm((last) => ({ ...last, ...part }));
    setRefusal(null);
  };
  const save = async () => {
    if (isProblem(changed)) return;
    if (Object.keys(changed.spec).length === 0) return onClose();
    const of = { goal: goal.id, task: task.id };
    const saved = await send((client, command) => client.plan.respec({ ...of, spec: changed.spec, command }), true);
    if (!saved.ok) return setRefusal(saved.error);
    const undo = () => void send((client, command) => client.plan.respec({ ...of, spec: changed.back, command }));
    tell(t('plan:changed', { task: plainLine(worldNow()?.texts[task.title.id] ?? '', 60) }), undo);
    onClose();
  };
  return (
    <form
      className="column"
      aria-label={t('plan:change')}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      {task.kind === 'gate' ? (
        <GateFields task={task} form={form} change={change} />
      ) : (
        <TaskFields goal={goal} task={task} form={form} change={change} />
      )}
      {isProblem(changed) && <p className="plan-problem">{problemText(changed)}</p>}
      {refusal && <FaultBox fault={refusal} />}
      <div className="row">
        <Button type="submit" look="primary" disabled={isProblem(changed)}>
          {t('inspector:save')}
        </Button>
        <Button onClick={onClose}>{t('cancel')}</Button>
      </div>
    </form>
  );
}
