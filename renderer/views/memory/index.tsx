import { Plus, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import type { DecisionView } from '#protocol/contract/messages.ts';
import { t } from '../../i18n/index.ts';
import { tell } from '../../store/notices.ts';
import { send } from '../../store/send.ts';
import { useQuery } from '../../store/use-query.ts';
import { useIsPast, useWorld } from '../../store/world-store.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Confirm } from '../../ui/Confirm.tsx';
import { Empty, FaultBox, Skeleton } from '../../ui/States.tsx';
import { Decided } from './Decided.tsx';
import { RecordDecision } from './RecordDecision.tsx';
import '../tables.css';
import './memory.css';

/** What the CEO is doing with a decision. */
type Doing =
  | { readonly what: 'record'; readonly replaced: DecisionView | null }
  | { readonly what: 'retire'; readonly decision: DecisionView };

/** What is remembered: for now the decisions of every project, which the CEO can add to, replace and retire. */
export default function MemoryView() {
  const [all, setAll] = useState(false);
  const [doing, setDoing] = useState<Doing | null>(null);
  const past = useIsPast();
  // Agents decide while one looks: what a negotiation ended with is asked for again.
  const ended = useWorld(
    (world) =>
      Object.values(world.conversations)
        .flatMap((each) => Object.values(each.negotiations))
        .filter((each) => each.ended !== null).length,
  );
  const { answer: projects } = useQuery((client) => client.projects.list(), 'projects');
  const { answer, again } = useQuery((client) => client.messages.decisions({ all }), `${all} ${ended ?? 0}`);
  const known = projects?.ok ? projects.value : [];
  const retire = async ({ project, id }: DecisionView) => {
    const done = await send((client, command) => client.messages.retireDecision({ project, decision: id, command }));
    if (done.ok) tell(t('memory:retired'));
    again();
  };
  return (
    <div className="sheet">
      <section>
        <div className="row">
          <h2 className="grow">{t('memory:decisions')}</h2>
          <label className="row">
            <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} />
            {t('memory:past')}
          </label>
          <IconButton icon={RefreshCw} name={t('memory:refresh')} onClick={again} />
          {!past && (
            <Button
              icon={Plus}
              disabled={known.length === 0}
              title={known.length === 0 ? t('memory:noProject') : undefined}
              onClick={() => setDoing({ what: 'record', replaced: null })}
            >
              {t('memory:record')}
            </Button>
          )}
        </div>
        <p className="quiet">{t('memory:what')}</p>
        {answer === null && <Skeleton lines={6} />}
        {answer?.ok === false && <FaultBox fault={answer.error} />}
        {answer?.ok && answer.value.length === 0 && <Empty title={t('memory:none')}>{t('memory:noneWhy')}</Empty>}
        {answer?.ok && answer.value.length > 0 && (
          <ul className="bare decisions">
            {answer.value.map((decision) => (
              <Decided
                key={decision.id}
                decision={decision}
                project={known.find((each) => each.id === decision.project)?.name ?? ''}
                {...(past || decision.over !== null
                  ? {}
                  : {
                      onReplace: () => setDoing({ what: 'record', replaced: decision }),
                      onRetire: () => setDoing({ what: 'retire', decision }),
                    })}
              />
            ))}
          </ul>
        )}
      </section>
      {doing?.what === 'record' && (
        <RecordDecision projects={known} replaced={doing.replaced} onClose={() => setDoing(null)} onDone={again} />
      )}
      {doing?.what === 'retire' && (
        <Confirm
          title={t('memory:retireTitle')}
          action={t('memory:retire')}
          onDo={() => void retire(doing.decision)}
          onClose={() => setDoing(null)}
        >
          <p>{t('memory:retireWhat')}</p>
        </Confirm>
      )}
    </div>
  );
}
