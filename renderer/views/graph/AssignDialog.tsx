import { useEffect, useState } from 'react';
import { crewOf } from '#protocol/model/goal/ready.ts';
import { t } from '../../i18n/index.ts';
import { useGoal } from '../../store/shown.ts';
import { setOverlay } from '../../store/view-store.ts';
import { plainLine } from '../../text/plain.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { assign } from './actions.ts';
import { agentStateOf } from './agent-state.ts';
import { type Previews, previewsOf } from './drag.ts';
import { PreviewList } from './PreviewCard.tsx';

const close = () => setOverlay(null);

/** The keyboard's way to drag a task onto an agent: choose one, see what will happen, give. */
export function AssignDialog({ tasks }: { readonly tasks: readonly string[] }) {
  const goal = useGoal();
  const agents = goal ? crewOf(goal).filter((agent) => !agent.lead || agent.id === goal.solo) : [];
  const [agent, setAgent] = useState(() => agents[0]?.id ?? '');
  const [previews, setPreviews] = useState<Previews | null>(null);
  useEffect(() => {
    setPreviews(null);
    if (agent === '' || tasks.length === 0) return;
    let current = true;
    void previewsOf(tasks, agent).then((answered) => {
      if (current) setPreviews(answered);
    });
    return () => {
      current = false;
    };
  }, [agent, tasks]);
  if (!goal) return null;
  const refused = previews?.every((each) => each.ok && each.value.refusal !== null) === true;
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
      {agent !== '' && <PreviewList tasks={tasks} previews={previews} />}
    </Dialog>
  );
}
