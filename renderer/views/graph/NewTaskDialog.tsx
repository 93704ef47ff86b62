import { useState } from 'react';
import type { Assignee } from '#protocol/model/goal/parts.ts';
import { crewOf } from '#protocol/model/goal/ready.ts';
import { t } from '../../i18n/index.ts';
import { useGoal } from '../../store/shown.ts';
import { keepDraft, select, setOverlay, useView } from '../../store/view-store.ts';
import { plainLine } from '../../text/plain.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { addTasks } from './actions.ts';
import { keep } from './flow.ts';
import { taskNode } from './model.ts';

const close = () => setOverlay(null);
const TITLE = 'new-task.title';
const BRIEF = 'new-task.brief';

function assigneeOf(who: string): Assignee {
  if (who === 'nobody' || who === 'anyone') return { kind: who };
  return { kind: 'agent', agent: who };
}

/** Writes a task; what is typed survives closing and reloading. With a point, its card stands there. */
export function NewTaskDialog({ at }: { readonly at: { readonly x: number; readonly y: number } | null }) {
  const goal = useGoal();
  const title = useView((view) => view.drafts[TITLE] ?? '');
  const brief = useView((view) => view.drafts[BRIEF] ?? '');
  const [who, setWho] = useState('nobody');
  const add = async () => {
    if (title.trim() === '') return;
    const added = await addTasks([{ title: title.trim(), brief }], assigneeOf(who));
    if (!added) return;
    keepDraft(TITLE, '');
    keepDraft(BRIEF, '');
    close();
    const [task] = added;
    if (task === undefined) return;
    if (at) keep(new Map([[taskNode(task), { x: at.x, y: at.y, pinned: true }]]));
    select([taskNode(task)]);
  };
  return (
    <Dialog
      title={t('graph:newTask')}
      onClose={close}
      footer={
        <>
          <Button onClick={close}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form="graph-new-task" disabled={title.trim() === '' || !goal}>
            {t('graph:add')}
          </Button>
        </>
      }
    >
      <form
        id="graph-new-task"
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <div className="field">
          <label htmlFor="graph-title">{t('graph:title')}</label>
          <input
            id="graph-title"
            className="input"
            maxLength={200}
            autoFocus
            value={title}
            onChange={(event) => keepDraft(TITLE, event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor="graph-brief">{t('graph:brief')}</label>
          <textarea
            id="graph-brief"
            className="input"
            rows={4}
            maxLength={20_000}
            placeholder={t('graph:briefHint')}
            value={brief}
            onChange={(event) => keepDraft(BRIEF, event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void add();
            }}
          />
        </div>
        <div className="field">
          <label htmlFor="graph-who">{t('graph:who')}</label>
          <select id="graph-who" className="input" value={who} onChange={(event) => setWho(event.target.value)}>
            <option value="nobody">{t('graph:later')}</option>
            <option value="anyone">{t('graph:anyone')}</option>
            {(goal ? crewOf(goal) : [])
              .filter((agent) => !agent.lead)
              .map((agent) => (
                <option key={agent.id} value={agent.id}>
                  {plainLine(agent.name, 60)}
                </option>
              ))}
          </select>
        </div>
        {!goal && <p className="quiet">{t('graph:needGoal')}</p>}
      </form>
    </Dialog>
  );
}
