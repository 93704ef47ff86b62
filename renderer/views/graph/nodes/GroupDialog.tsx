import { useState } from 'react';
import { crewOf } from '#protocol/model/goal/ready.ts';
import { t } from '../../../i18n/index.ts';
import { useGoal } from '../../../store/shown.ts';
import { select, setOverlay } from '../../../store/view-store.ts';
import { Button } from '../../../ui/Button.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { taskNode } from '../model.ts';
import { tasksFromText } from '../paste.ts';
import { addGroup } from './actions.ts';
import { NodeSelect } from './NodeSelect.tsx';

const close = () => setOverlay(null);

/** Adds a sub-plan with its tasks: it begins after what it stands after, and ends when all of them are done. */
export function GroupDialog({ after: chosen }: { readonly after: string | null }) {
  const goal = useGoal();
  const [title, setTitle] = useState('');
  const [lines, setLines] = useState('');
  const [after, setAfter] = useState(chosen ?? '');
  const [who, setWho] = useState('anyone');
  const tasks = tasksFromText(lines);
  const ready = title.trim() !== '' && tasks.length > 0 && goal !== null;
  const roles = goal ? [...new Set(crewOf(goal).flatMap((agent) => (agent.lead ? [] : [agent.role])))] : [];
  const add = async () => {
    if (!ready) return;
    const assignee = who === 'anyone' ? ({ kind: 'anyone' } as const) : ({ kind: 'role', role: who } as const);
    const id = await addGroup(title.trim(), tasks, after === '' ? null : after, assignee);
    if (id === null) return;
    close();
    select([taskNode(id)]);
  };
  return (
    <Dialog
      title={t('plan:newGroup')}
      onClose={close}
      footer={
        <>
          <Button onClick={close}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form="graph-new-group" disabled={!ready}>
            {t('plan:addGroup')}
          </Button>
        </>
      }
    >
      <form
        id="graph-new-group"
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <div className="field">
          <label htmlFor="group-title">{t('graph:title')}</label>
          <input
            id="group-title"
            className="input"
            maxLength={200}
            autoFocus
            value={title}
            onChange={(event) => setTitle(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor="group-tasks">{t('plan:groupTasks')}</label>
          <textarea
            id="group-tasks"
            className="input"
            rows={5}
            value={lines}
            onChange={(event) => setLines(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor="group-who">{t('graph:who')}</label>
          <select id="group-who" className="input" value={who} onChange={(event) => setWho(event.target.value)}>
            <option value="anyone">{t('graph:anyone')}</option>
            {roles.map((role) => (
              <option key={role} value={role}>
                {role}
              </option>
            ))}
          </select>
        </div>
        {goal && <NodeSelect goal={goal} label={t('plan:after')} value={after} fits={() => true} onChoose={setAfter} />}
        {!goal && <p className="quiet">{t('graph:needGoal')}</p>}
      </form>
    </Dialog>
  );
}
