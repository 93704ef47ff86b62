import { useState } from 'react';
import { t } from '../../i18n/index.ts';
import { useGoalId } from '../../store/shown.ts';
import { useQuery } from '../../store/use-query.ts';
import { select, setOverlay } from '../../store/view-store.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { FaultBox, Skeleton } from '../../ui/States.tsx';
import { Line } from '../../ui/Words.tsx';
import { hire } from './actions.ts';
import { agentNode } from './model.ts';

const close = () => setOverlay(null);

/** Hires an agent of one of the crew's roles. */
export function HireDialog() {
  const goal = useGoalId() ?? '';
  const roles = useQuery((client) => client.plan.roles({ goal }), `roles:${goal}`).answer;
  const [chosen, setChosen] = useState<string | null>(null);
  const [name, setName] = useState('');
  const [model, setModel] = useState('');
  const all = roles?.ok ? roles.value.filter((role) => !role.lead) : [];
  const role = all.find((each) => each.role === chosen) ?? all[0];
  const hireNow = async () => {
    if (!role) return;
    const agent = await hire(role.role, name, model);
    if (agent === null) return;
    close();
    select([agentNode(agent)]);
  };
  return (
    <Dialog
      title={t('graph:hireTitle')}
      onClose={close}
      footer={
        <>
          <Button onClick={close}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form="graph-hire" disabled={!role}>
            {t('graph:hireDo')}
          </Button>
        </>
      }
    >
      {roles === null && <Skeleton lines={4} />}
      {roles?.ok === false && <FaultBox fault={roles.error} />}
      <form
        id="graph-hire"
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          void hireNow();
        }}
      >
        <div className="field">
          <label htmlFor="graph-role">{t('graph:hireRole')}</label>
          <select
            id="graph-role"
            className="input"
            value={role?.role ?? ''}
            onChange={(event) => setChosen(event.target.value)}
          >
            {all.map((each) => (
              <option key={each.role} value={each.role}>
                {each.title}
              </option>
            ))}
          </select>
          {role && (
            <small>
              <Line text={`${role.driver} · ${role.model}`} />
              <br />
              {t('graph:may', {
                what: role.writable.includes('**')
                  ? t('graph:mayAll')
                  : role.writable.length === 0
                    ? t('graph:mayNone')
                    : role.writable.join(', '),
              })}
            </small>
          )}
        </div>
        <div className="field">
          <label htmlFor="graph-name">{t('graph:hireName')}</label>
          <input
            id="graph-name"
            className="input"
            maxLength={60}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor="graph-model">{t('graph:hireModel')}</label>
          <input
            id="graph-model"
            className="input mono"
            maxLength={200}
            placeholder={role?.model ?? ''}
            value={model}
            onChange={(event) => setModel(event.target.value)}
          />
        </div>
      </form>
    </Dialog>
  );
}
