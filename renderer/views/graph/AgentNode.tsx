import { Handle, type NodeProps, Position } from '@xyflow/react';
import { Mail } from 'lucide-react';
import { memo } from 'react';
import { useShallow } from 'zustand/shallow';
import { textsIn } from '#protocol/model/goal/names.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { whyOf } from '#protocol/model/goal/why.ts';
import { sayWhy } from '#protocol/model/goal/why-words.ts';
import { formatUsd } from '#protocol/model/money.ts';
import type { World } from '#protocol/model/world.ts';
import { t } from '../../i18n/index.ts';
import { useGoalId, useText } from '../../store/shown.ts';
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

/** Why an agent with work stands still, and whose turn it is. */
function whySays(goal: Goal, agent: string, texts: World['texts']): string {
  const why = whyOf(goal, { kind: 'agent', id: agent });
  if (why?.cause !== 'attempt') return '';
  const { sentence, ownerSays } = sayWhy(goal, why, textsIn(texts));
  return `${sentence}; ${ownerSays}`;
}

/** What a card says of its agent, as plain values: it is drawn again only when one of them changes. */
function saidOf(world: World, goalId: string, id: string) {
  const goal = world.goals[goalId];
  const agent = goal?.agents[id];
  if (!goal || !agent) return null;
  const { word, standing, attempt } = agentStateOf(goal, id);
  const run = attempt === null ? undefined : world.budgets.nodes[`run/${attempt.id}`];
  return {
    word,
    standing,
    name: agent.name,
    about: `${agent.role} · ${agent.driver} · ${agent.model}`,
    title: goal.tasks[attempt?.task ?? '']?.title ?? null,
    says: standing === 'running' ? '' : whySays(goal, id, world.texts),
    activity: world.live.find((each) => each.agent === id)?.activity ?? '',
    unread: unreadOf(world.conversations, goalId, id),
    spent: world.budgets.byAgent[id]?.nanos ?? 0,
    share: run?.cap ? run.spent / run.cap : 0,
  };
}

/** An agent as a card: who it is, its state in a word, what it does now, its budget and its mail. */
export const AgentNode = memo(function AgentNode({ id: node, selected }: NodeProps) {
  const id = idOf(node);
  const goalId = useGoalId() ?? '';
  const said = useWorld(useShallow((world) => saidOf(world, goalId, id)));
  const task = useText(said?.title);
  const over = useDrag((drag) => drag.over === id);
  const refused = useDrag(
    (drag) => drag.over === id && drag.previews?.some((each) => each.ok && each.value.refusal !== null) === true,
  );
  if (!said) return null;
  const { word, standing, name, about, says, activity, unread, spent, share } = said;
  const Icon = STANDING_ICONS[standing];
  const doing = says !== '' ? says : activity !== '' ? activity : task === '' ? '' : t('graph:doing', { task });
  return (
    <article
      className="graph-card graph-agent"
      data-agent={id}
      data-standing={standing}
      data-selected={selected}
      data-over={over ? (refused ? 'no' : 'yes') : undefined}
      aria-label={plainLine(name, 60)}
    >
      <Handle type="target" position={Position.Top} id="in" isConnectable={false} className="graph-unseen" />
      <div className="row">
        <h3 className="graph-title grow">
          <Line text={name} most={40} />
        </h3>
        {unread > 0 && (
          <span className="row figures graph-near" title={t('graph:unread', { count: unread })}>
            <Mail size={12} aria-hidden />
            <span aria-hidden>{unread}</span>
            <span className="unseen">{t('graph:unread', { count: unread })}</span>
          </span>
        )}
        <span className="graph-near row">
          <Ring share={share} label={t('graph:budget', { spent: formatUsd(spent) })} />
        </span>
      </div>
      <small className="graph-near line-of-text">
        <Line text={about} most={90} />
      </small>
      <span className="mark" data-standing={standing}>
        <Icon size={14} aria-hidden />
        {t(`graph:state.${word}`)}
      </span>
      <small className="graph-near line-of-text">
        <Line text={doing} most={120} />
      </small>
      <Handle type="source" position={Position.Bottom} id="out" isConnectable={false} className="graph-unseen" />
    </article>
  );
});
