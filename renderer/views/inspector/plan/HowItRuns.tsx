import { PencilLine } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { textsIn } from '#protocol/model/goal/describe.ts';
import type { Goal, Task } from '#protocol/model/goal/state.ts';
import { TASK_OVER } from '#protocol/model/goal/status.ts';
import { t } from '../../../i18n/index.ts';
import { select } from '../../../store/view-store.ts';
import { useIsPast, useWorld } from '../../../store/world-store.ts';
import { plainLine } from '../../../text/plain.ts';
import { IconButton } from '../../../ui/Button.tsx';
import { Line, Prose } from '../../../ui/Words.tsx';
import { Facts, Section } from '../overview/Parts.tsx';
import { type RunForm as Form, formOf } from './form.ts';
import { RunForm } from './RunForm.tsx';
import './plan.css';

type Fact = readonly [name: string, value: ReactNode];

function gateFact(task: Task, form: Form): Fact[] {
  const gate = task.spec?.gate;
  if (!gate) return [];
  const kind = t(`plan:gate.${gate.kind}`);
  if (gate.kind === 'approval') return [[t('plan:gateOf'), kind]];
  const what = gate.kind === 'timer' ? t('plan:minutesValue', { count: Number(form.gate) }) : form.gate;
  return [[t('plan:gateOf'), <Line key="gate" text={`${kind}: ${what}`} />]];
}

function structureFacts(goal: Goal, { spec = {}, dependsOn }: Task, titleOf: (id: string) => string): Fact[] {
  const facts: Fact[] = [];
  const { parent, onlyIf, each, need } = spec;
  if (parent !== undefined && goal.tasks[parent])
    facts.push([
      t('plan:part'),
      <button key="part" type="button" className="inspect-link" onClick={() => select([`task:${parent}`])}>
        <Line text={titleOf(parent)} />
      </button>,
    ]);
  if (onlyIf)
    facts.push([
      t('plan:condition'),
      <Line key="if" text={t('plan:onlyIfFact', { title: titleOf(onlyIf.task), word: onlyIf.is })} />,
    ]);
  if (each)
    facts.push([t('plan:fanOut'), <Line key="each" text={t('plan:eachFact', { title: titleOf(each.from) })} />]);
  if (need !== undefined) facts.push([t('inspector:dependsOn'), t('plan:needFact', { need, all: dependsOn.length })]);
  return facts;
}

function ruleFacts(form: Form): Fact[] {
  const said = (text: string, name: string, value: ReactNode): Fact[] => (text === '' ? [] : [[name, value]]);
  const commands = form.checks.split('\n').map((command) => (
    <code key={command} className="plan-command">
      {plainLine(command, 400)}
    </code>
  ));
  const keep = form.keep === 'first' ? t('plan:keepFirst') : t('plan:keepBest');
  return [
    ...said(form.done, t('plan:done'), <Prose key="done" text={form.done} />),
    ...said(form.checks, t('plan:checks'), commands),
    ...said(form.review, t('plan:review'), form.review),
    ...said(form.deadline, t('plan:deadline'), form.deadline),
    ...said(form.attempts, t('plan:attempts'), form.attempts),
    ...said(form.backoff, t('plan:backoff'), form.backoff),
    ...said(form.escalate, t('plan:escalate'), form.escalate),
    ...said(form.race, t('plan:race'), `${form.race}, ${keep}`),
  ];
}

/** How a node of the plan is run: what its spec says, to be changed while that has a meaning. */
export function HowItRuns({ goal, task }: { readonly goal: Goal; readonly task: Task }) {
  const texts = useWorld((world) => world.texts) ?? {};
  const past = useIsPast();
  const [editing, setEditing] = useState(false);
  const form = formOf(task, textsIn(texts));
  const titleOf = (id: string) => plainLine(texts[goal.tasks[id]?.title.id ?? ''] ?? id, 80);
  const facts = [...gateFact(task, form), ...structureFacts(goal, task, titleOf), ...ruleFacts(form)];
  // A sub-plan has no agent and no condition of its own: there is nothing to change but its nodes.
  const may = !past && !TASK_OVER.has(task.status) && task.kind !== 'group' && task.kind !== 'review';
  const gate = task.spec?.gate?.kind;
  const editable = may && (task.kind === 'gate' ? gate !== 'approval' && task.status !== 'active' : true);
  return (
    <Section
      title={t('plan:how')}
      aside={
        editable &&
        !editing && <IconButton icon={PencilLine} name={t('plan:change')} onClick={() => setEditing(true)} />
      }
    >
      {editing ? (
        <RunForm goal={goal} task={task} was={form} onClose={() => setEditing(false)} />
      ) : facts.length === 0 ? (
        <p className="quiet">{t('plan:noRules')}</p>
      ) : (
        <Facts facts={facts} />
      )}
    </Section>
  );
}
