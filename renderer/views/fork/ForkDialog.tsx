import { useState } from 'react';
import type { Fault } from '#protocol/model/fault.ts';
import { boundariesOf, doneAt, leftAfter, type PlacedBoundary } from '#protocol/model/goal/boundaries.ts';
import type { Boundary } from '#protocol/model/goal/fork.ts';
import { textsIn } from '#protocol/model/goal/names.ts';
import { crewOf } from '#protocol/model/goal/ready.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { NANOS_PER_USD } from '#protocol/model/money.ts';
import { t } from '../../i18n/index.ts';
import { tell } from '../../store/notices.ts';
import { send } from '../../store/send.ts';
import { goTo, setOverlay, showGoal } from '../../store/view-store.ts';
import { worldNow } from '../../store/world-store.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { FaultBox } from '../../ui/States.tsx';
import { goLive } from '../runs/replay-store.ts';
import { ForkPlan, type PlanChoice, type WrittenLine } from './ForkPlan.tsx';
import { keyOfBoundary, sayBoundary } from './where.ts';
import './fork.css';

const close = () => setOverlay(null);

function Models({
  goal,
  models,
  onChange,
}: {
  readonly goal: Goal;
  readonly models: Readonly<Record<string, string>>;
  readonly onChange: (models: Readonly<Record<string, string>>) => void;
}) {
  const roles = new Map(crewOf(goal).map((agent) => [agent.role, agent.model]));
  return (
    <fieldset className="fork-models">
      <legend>{t('fork:models')}</legend>
      {[...roles].map(([role, model]) => (
        <label key={role} className="row fork-model">
          <span>{role}</span>
          <input
            className="input mono grow"
            aria-label={t('fork:model', { role })}
            maxLength={200}
            placeholder={model}
            value={models[role] ?? ''}
            onChange={(event) => onChange({ ...models, [role]: event.target.value })}
          />
        </label>
      ))}
    </fieldset>
  );
}

/** The tasks that are left behind a boundary, as lines to change. */
function linesAt(goal: Goal, placed: PlacedBoundary): WrittenLine[] {
  const textOf = textsIn(worldNow()?.texts ?? {});
  return leftAfter(goal, doneAt(goal, placed))
    .filter(({ task }) => task.kind === 'work')
    .map(({ task, dependsOn }) => ({
      key: task.id,
      title: textOf(task.title),
      brief: task.brief.id === task.title.id ? '' : textOf(task.brief),
      assignee: task.assignee,
      dependsOn,
      included: true,
    }));
}

/** Lines as the contract takes them: those left out hold nothing up. */
function writtenOf(lines: readonly WrittenLine[]) {
  const kept = lines.filter((line) => line.included && line.title.trim() !== '');
  const keys = new Set(kept.map((line) => line.key));
  return kept.map(({ key, title, brief, assignee, dependsOn }) => ({
    key,
    title,
    brief,
    assignee,
    dependsOn: dependsOn.filter((on) => keys.has(on)),
  }));
}

/** Runs a goal again from one of its boundaries, with other words, models or plan. */
export function ForkDialog({ goal, at }: { readonly goal: Goal; readonly at: Boundary }) {
  const textOf = textsIn(worldNow()?.texts ?? {});
  const all = boundariesOf(goal);
  const [chosen, setChosen] = useState(keyOfBoundary(at));
  const placed = all.find((each) => keyOfBoundary(each.at) === chosen) ?? all[0];
  const [text, setText] = useState(textOf(goal.text));
  const [plan, setPlan] = useState<PlanChoice>('same');
  const [lines, setLines] = useState(() => (placed ? linesAt(goal, placed) : []));
  const [models, setModels] = useState<Readonly<Record<string, string>>>({});
  const [mode, setMode] = useState(goal.mode);
  const [cap, setCap] = useState((goal.limits.goalNanos / NANOS_PER_USD).toFixed(2));
  const [refusal, setRefusal] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);
  if (!placed) return null;
  const choose = (key: string) => {
    setChosen(key);
    const next = all.find((each) => keyOfBoundary(each.at) === key);
    if (next) setLines(linesAt(goal, next));
  };
  const fits = Number(cap) > 0 && text.trim() !== '' && (plan === 'replan' || writtenOf(lines).length > 0);
  const make = async () => {
    setBusy(true);
    const asked = Object.entries(models).flatMap(([role, model]) =>
      model.trim() === '' ? [] : [[role, model.trim()]],
    );
    // What is shown may be a past moment; the fork begins there, but it is made now.
    goLive();
    const forked = await send(
      (client, command) =>
        client.goals.fork({
          goal: goal.id,
          at: placed.at,
          // Unchanged, the whole is kept; what is shown here may be cut.
          ...(text === textOf(goal.text) ? {} : { text }),
          models: Object.fromEntries(asked) as Record<string, string>,
          plan: plan === 'tasks' ? { tasks: writtenOf(lines) } : plan,
          capUsd: Number(cap),
          mode,
          command,
        }),
      true,
    );
    setBusy(false);
    if (!forked.ok) return setRefusal(forked.error);
    close();
    tell(t('fork:made'));
    showGoal(forked.value.goal);
    goTo('graph');
  };
  return (
    <Dialog
      title={t('fork:title')}
      wide
      onClose={close}
      footer={
        <>
          <Button onClick={close}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form="fork" disabled={!fits || busy}>
            {t('fork:make')}
          </Button>
        </>
      }
    >
      <p className="quiet">{t('fork:what')}</p>
      {refusal && <FaultBox fault={refusal} />}
      <form
        id="fork"
        className="column fork-form"
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <div className="field">
          <label htmlFor="fork-at">{t('fork:at')}</label>
          <select id="fork-at" className="input" value={chosen} onChange={(event) => choose(event.target.value)}>
            {all.map((each) => (
              <option key={keyOfBoundary(each.at)} value={keyOfBoundary(each.at)}>
                {sayBoundary(goal, each)}
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor="fork-text">{t('fork:text')}</label>
          <textarea
            id="fork-text"
            className="input"
            rows={3}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <ForkPlan plan={plan} onPlan={setPlan} lines={lines} onLines={setLines} />
        <Models goal={goal} models={models} onChange={setModels} />
        <div className="row fork-last">
          <div className="field">
            <label htmlFor="fork-mode">{t('fork:mode')}</label>
            <select
              id="fork-mode"
              className="input"
              value={mode}
              onChange={(event) => setMode(event.target.value === 'go' ? 'go' : 'ask')}
            >
              <option value="ask">{t('fork:modes.ask')}</option>
              <option value="go">{t('fork:modes.go')}</option>
            </select>
          </div>
          <div className="field">
            <label htmlFor="fork-cap">{t('fork:cap')}</label>
            <input
              id="fork-cap"
              className="input figures"
              inputMode="decimal"
              value={cap}
              aria-invalid={!(Number(cap) > 0)}
              onChange={(event) => setCap(event.target.value)}
            />
            <small>{Number(cap) > 0 ? t('fork:capWhat') : t('fork:capProblem')}</small>
          </div>
        </div>
      </form>
    </Dialog>
  );
}
