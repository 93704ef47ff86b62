import type { NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { useGoalId } from '../../../store/shown.ts';
import { useWorld } from '../../../store/world-store.ts';
import { idOf } from '../model.ts';
import { TaskNode } from '../TaskNode.tsx';
import { GateNode } from './GateNode.tsx';
import { GroupNode } from './GroupNode.tsx';
import './nodes.css';

/** A node of the plan, by its kind: a gate, a sub-plan, or a task. */
export const PlanNode = memo(function PlanNode(props: NodeProps) {
  const goalId = useGoalId() ?? '';
  const kind = useWorld((world) => world.goals[goalId]?.tasks[idOf(props.id)]?.kind ?? null);
  if (kind === 'gate') return <GateNode {...props} />;
  if (kind === 'group') return <GroupNode {...props} />;
  return <TaskNode {...props} />;
});
