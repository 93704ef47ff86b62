import type { AgentRecord } from '#protocol/model/goal/parts.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { formatUsd } from '#protocol/model/money.ts';
import { useWorld } from '../store/world-store.ts';
import { StateMark } from './StateMark.tsx';
import { ago, useNow } from './time.ts';

const megabytes = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MB`;

function AgentRow({ goal, agent }: { readonly goal: Goal; readonly agent: AgentRecord }) {
  const live = useWorld((world) => world.live.find((each) => each.goal === goal.id && each.agent === agent.id));
  const spent = useWorld((world) => world.budgets.byAgent[agent.id]?.nanos ?? 0) ?? 0;
  const now = useNow();
  return (
    <tr>
      <td>
        <StateMark standing={live ? 'running' : 'idle'} />
      </td>
      <td>{agent.name}</td>
      <td>{agent.role}</td>
      <td>
        <bdi>{live ? live.activity || 'working' : 'no process'}</bdi>
      </td>
      <td className="number">{live ? ago(now - live.progressAt) : ''}</td>
      <td className="number">{live ? megabytes(live.residentBytes) : ''}</td>
      <td className="number">{formatUsd(spent)}</td>
    </tr>
  );
}

/** The crew of a goal: who is at work on what, whether it progresses, what it has cost. */
export function Agents({ goal }: { readonly goal: Goal }) {
  return (
    <>
      <h3>Agents</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">
              <span className="hidden">State</span>
            </th>
            <th scope="col">Agent</th>
            <th scope="col">Role</th>
            <th scope="col">Activity</th>
            <th scope="col" className="number">
              Progress
            </th>
            <th scope="col" className="number">
              Memory
            </th>
            <th scope="col" className="number">
              Cost
            </th>
          </tr>
        </thead>
        <tbody>
          {Object.values(goal.agents).map((agent) => (
            <AgentRow key={agent.id} goal={goal} agent={agent} />
          ))}
        </tbody>
      </table>
    </>
  );
}
