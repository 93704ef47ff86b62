import { Handle, type NodeProps, Position } from '@xyflow/react';
import { Mail } from 'lucide-react';
import { memo } from 'react';
import { formatUsd } from '#protocol/model/money.ts';
import { t } from '../../i18n/index.ts';
import { useGoal, useText } from '../../store/shown.ts';
import { useWorld } from '../../store/world-store.ts';
import { plainLine } from '../../text/plain.ts';
import { STANDING_ICONS } from '../../ui/StateMark.tsx';
import { Line } from '../../ui/Words.tsx';
import { agentStateOf, unreadOf } from './agent-state.ts';
import { useDrag } from './drag.ts';
import { idOf } from './model.ts';

const RADIUS = 7;
const AROUND = 2 * Math.PI * RADIUS;

/** How much of a run's cap is spent, as a ring. */
function Ring({ share, label }: { readonly share: number; readonly label: string }) {
  return (
    <svg width="18" height="18" viewBox="0 0 18 18" role="img" aria-label={label} className="graph-ring">
      <title>{label}</title>
      <circle cx="9" cy="9" r={RADIUS} />
      <circle cx="9" cy="9" r={RADIUS} strokeDasharray={`${AROUND * Math.min(share, 1)} ${AROUND}`} />
    </svg>
  );
}

/** An agent as a card: who it is, its state in a word, what it does now, its budget and its mail. */
export const AgentNode = memo(function AgentNode({ id: node, selected }: NodeProps) {
  const id = idOf(node);
  const goal = useGoal();
  const agent = goal?.agents[id];
  const state = goal ? agentStateOf(goal, id) : null;
  const activity = useWorld((world) => world.live.find((run) => run.agent === id)?.activity ?? '') ?? '';
  const unread = useWorld((world) => unreadOf(world.conversations, goal?.id ?? '', id)) ?? 0;
  const spent = useWorld((world) => world.budgets.byAgent[id]?.nanos ?? 0) ?? 0;
  const run = useWorld((world) => world.budgets.nodes[`run/${state?.attempt?.id ?? ''}`] ?? null);
  const task = useText(goal?.tasks[state?.attempt?.task ?? '']?.title);
  const over = useDrag((drag) => drag.over === id);
  const refused = useDrag(
    (drag) => drag.over === id && drag.preview?.ok === true && drag.preview.value.refusal !== null,
  );
  if (!goal || !agent || !state) return null;
  const Icon = STANDING_ICONS[state.standing];
  const doing = activity !== '' ? activity : task === '' ? '' : t('graph:doing', { task });
  return (
    <article
      className="graph-card graph-agent"
      data-agent={id}
      data-standing={state.standing}
      data-selected={selected}
      data-over={over ? (refused ? 'no' : 'yes') : undefined}
      aria-label={plainLine(agent.name, 60)}
    >
      <Handle type="target" position={Position.Top} id="in" isConnectable={false} className="graph-unseen" />
      <div className="row">
        <h3 className="graph-title grow">
          <Line text={agent.name} most={40} />
        </h3>
        {unread > 0 && (
          <span className="row figures graph-near" title={t('graph:unread', { count: unread })}>
            <Mail size={12} aria-hidden />
            <span aria-hidden>{unread}</span>
            <span className="unseen">{t('graph:unread', { count: unread })}</span>
          </span>
        )}
        <span className="graph-near row">
          <Ring share={run?.cap ? run.spent / run.cap : 0} label={t('graph:budget', { spent: formatUsd(spent) })} />
        </span>
      </div>
      <small className="graph-near line-of-text">
        <Line text={`${agent.role} · ${agent.driver} · ${agent.model}`} most={90} />
      </small>
      <span className="mark" data-standing={state.standing}>
        <Icon size={14} aria-hidden />
        {t(`graph:state.${state.word}`)}
      </span>
      <small className="graph-near line-of-text">
        <Line text={doing} most={120} />
      </small>
      <Handle type="source" position={Position.Bottom} id="out" isConnectable={false} className="graph-unseen" />
    </article>
  );
});
