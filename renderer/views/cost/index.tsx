import type { Usage } from '#protocol/model/budget/state.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { formatUsd } from '#protocol/model/money.ts';
import type { World } from '#protocol/model/world.ts';
import { t } from '../../i18n/index.ts';
import { goalName } from '../../store/shown.ts';
import { goTo, select, showGoal } from '../../store/view-store.ts';
import { useWorld } from '../../store/world-store.ts';
import { Empty } from '../../ui/States.tsx';
import { Line } from '../../ui/Words.tsx';
import { type BudgetRow, budgetRows, cacheShare } from './rows.ts';
import '../tables.css';

const COUNT = new Intl.NumberFormat();
const PERCENT = new Intl.NumberFormat(undefined, { style: 'percent' });

/** What a budget is of, in words, and where that is shown. */
interface Owner {
  readonly name: string;
  readonly goal: Goal | null;
  readonly task: string | null;
}

function ownerOf(world: World, node: BudgetRow): Owner {
  const id = node.id.slice(node.id.lastIndexOf('/') + 1);
  const text = (ref: { readonly id: string } | null | undefined) => (ref ? (world.texts[ref.id] ?? '…') : node.id);
  const [kind, ledger] = node.id.split('/');
  if (kind === 'company') {
    const name = ledger === 'rehearsal' ? t('cost:allRehearsal') : t('cost:all');
    return { name, goal: null, task: null };
  }
  if (kind === 'project') return { name: world.projects[id]?.name ?? node.id, goal: null, task: null };
  const goal = world.goals[id];
  if (goal) return { name: goalName(text(goal.text)), goal, task: null };
  for (const each of Object.values(world.goals)) {
    const task = each.tasks[id];
    if (task) return { name: text(task.title), goal: each, task: id };
    const attempt = each.attempts[id];
    if (!attempt) continue;
    const agent = each.agents[attempt.agent]?.name ?? attempt.agent;
    return { name: t('cost:attempt', { number: attempt.number, agent }), goal: each, task: attempt.task };
  }
  return { name: node.id, goal: null, task: null };
}

function BudgetLine({ node, world }: { readonly node: BudgetRow; readonly world: World }) {
  const owner = ownerOf(world, node);
  const open = () => {
    if (!owner.goal) return;
    showGoal(owner.goal.id);
    goTo('graph');
    if (owner.task !== null) select([`task:${owner.task}`], 'route');
  };
  return (
    <tr>
      <td style={{ paddingLeft: 8 + node.depth * 16 }}>
        {owner.goal ? (
          <button type="button" className="as-link" onClick={open}>
            <Line text={owner.name} most={90} />
          </button>
        ) : (
          <Line text={owner.name} most={90} />
        )}{' '}
        {owner.task === null && owner.goal?.ledger === 'rehearsal' && (
          <span className="chip">{t('cost:rehearsal')}</span>
        )}
      </td>
      <td className="bar-cell">
        {node.cap !== null && node.cap > 0 && (
          <meter
            min={0}
            max={node.cap}
            value={node.spent}
            aria-label={t('cost:share', { percent: PERCENT.format(node.spent / node.cap) })}
          />
        )}
      </td>
      <td className="number">{formatUsd(node.spent)}</td>
      <td className="number">{formatUsd(node.reserved)}</td>
      <td className="number">{node.cap === null ? t('cost:noCap') : formatUsd(node.cap)}</td>
      <td className="number">{COUNT.format(node.calls)}</td>
    </tr>
  );
}

function UsageTable({
  title,
  first,
  rows,
}: {
  readonly title: string;
  readonly first: string;
  readonly rows: readonly (readonly [name: string, usage: Usage])[];
}) {
  return (
    <section>
      <h2>{title}</h2>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{first}</th>
            {(['spent', 'calls', 'input', 'output', 'cacheWrite', 'cacheRead', 'hit'] as const).map((column) => (
              <th scope="col" key={column} className="number">
                {t(`cost:${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, usage]) => {
            const share = cacheShare(usage);
            return (
              <tr key={name}>
                <td>
                  <Line text={name} most={60} />
                </td>
                <td className="number">{formatUsd(usage.nanos)}</td>
                {[usage.calls, usage.input, usage.output, usage.cacheWrite, usage.cacheRead].map((count, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns never move
                  <td key={index} className="number">
                    {COUNT.format(count)}
                  </td>
                ))}
                <td className="number">{share === null ? '' : PERCENT.format(share)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

const byCost = (one: readonly [string, Usage], other: readonly [string, Usage]) => other[1].nanos - one[1].nanos;

/** What was spent, on what, by whom, and how much is left. */
export default function CostView() {
  const world = useWorld((each) => each);
  if (!world) return null;
  const rows = budgetRows(world.budgets);
  if (rows.length === 0) return <Empty title={t('cost:none')}>{t('cost:noneWhy')}</Empty>;
  const names = new Map(
    Object.values(world.goals).flatMap((goal) => Object.values(goal.agents).map((agent) => [agent.id, agent.name])),
  );
  const agents = Object.entries(world.budgets.byAgent).map(([id, usage]) => [names.get(id) ?? id, usage] as const);
  return (
    <div className="sheet">
      <section>
        <h2>{t('cost:tree')}</h2>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t('cost:what')}</th>
              <th scope="col" aria-label={t('cost:cap')} />
              {(['spent', 'reserved', 'cap', 'calls'] as const).map((column) => (
                <th scope="col" key={column} className="number">
                  {t(`cost:${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((node) => (
              <BudgetLine key={node.id} node={node} world={world} />
            ))}
          </tbody>
        </table>
      </section>
      <UsageTable title={t('cost:byAgent')} first={t('cost:agent')} rows={agents.sort(byCost)} />
      <UsageTable
        title={t('cost:byModel')}
        first={t('cost:model')}
        rows={Object.entries(world.budgets.byModel).sort(byCost)}
      />
    </div>
  );
}
