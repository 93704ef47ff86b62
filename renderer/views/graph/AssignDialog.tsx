import { useEffect, useState } from 'react';
import type { AssignmentPreview } from '#protocol/contract/plan.ts';
import { crewOf } from '#protocol/model/goal/ready.ts';
import { t } from '../../i18n/index.ts';
import type { Answered } from '../../store/send.ts';
import { useGoal } from '../../store/shown.ts';
import { setOverlay } from '../../store/view-store.ts';
import { plainLine } from '../../text/plain.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { assign } from './actions.ts';
import { agentStateOf } from './agent-state.ts';
import { previewOf } from './drag.ts';
import { PreviewCard } from './PreviewCard.tsx';

const close = () => setOverlay(null);

/** The keyboard's way to drag a task onto an agent: choose one, see what will happen, give. */
export function AssignDialog({ tasks }: { readonly tasks: readonly string[] }) {
  const goal = useGoal();
  const agents = goal ? crewOf(goal).filter((agent) => !agent.lead || agent.id === goal.solo) : [];
  const [agent, setAgent] = useState(() => agents[0]?.id ?? '');
  const [preview, setPreview] = useState<Answered<AssignmentPreview> | null>(null);
  const first = tasks[0] ?? '';
  useEffect(() => {
    setPreview(null);
    if (agent === '' || first === '') return;
    let current = true;
    void previewOf(first, agent).then((answered) => {
      if (current) setPreview(answered);
    });
    return () => {
      current = false;
    };
  }, [agent, first]);
  if (!goal) return null;
  const refused = preview?.ok === true && preview.value.refusal !== null;
  const give = () => {
    close();
    void assign(tasks, { kind: 'agent', agent });
  };
  return (
    <Dialog
      title={t('graph:assignTitle')}
      onClose={close}
      footer={
        <>
          <Button onClick={close}>{t('cancel')}</Button>
          <Button look="primary" disabled={agent === '' || refused} onClick={give}>
            {t('graph:assignDo')}
          </Button>
        </>
      }
    >
      {agents.length === 0 ? (
        <p>{t('graph:noAgents')}</p>
      ) : (
        <form
          className="field"
          onSubmit={(event) => {
            event.preventDefault();
            if (!refused) give();
          }}
        >
          <label htmlFor="graph-agent">{t('graph:chooseAgent')}</label>
          <select
            id="graph-agent"
            className="input"
            value={agent}
            onChange={(event) => setAgent(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && !refused) give();
            }}
          >
            {agents.map((each) => (
              <option key={each.id} value={each.id}>
                {`${plainLine(each.name, 60)} (${t(`graph:state.${agentStateOf(goal, each.id).word}`)})`}
              </option>
            ))}
          </select>
        </form>
      )}
      {agent !== '' && <PreviewCard preview={preview} />}
    </Dialog>
  );
}
