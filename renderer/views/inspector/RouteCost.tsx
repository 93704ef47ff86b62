import { useShallow } from 'zustand/shallow';
import type { Attempt, Goal, Run } from '#protocol/model/goal/state.ts';
import { formatUsd } from '#protocol/model/money.ts';
import { t } from '../../i18n/index.ts';
import { useWorld } from '../../store/world-store.ts';
import { Empty } from '../../ui/States.tsx';
import { Line } from '../../ui/Words.tsx';
import { Facts, Section } from './overview/Parts.tsx';
import { attemptsOf, type Subject } from './subject.ts';

const KINDS = ['input', 'output', 'cacheWrite', 'cacheRead'] as const;
type Tokens = Readonly<Record<(typeof KINDS)[number], number>>;
const NUMBER = new Intl.NumberFormat();

/** Tokens of several runs by kind. */
export function sumTokens(runs: readonly Run[]): Tokens {
  const sum = { input: 0, output: 0, cacheWrite: 0, cacheRead: 0 };
  for (const { usage } of runs) if (usage) for (const kind of KINDS) sum[kind] += usage[kind];
  return sum;
}

function TokenFacts({ tokens }: { readonly tokens: Tokens }) {
  return (
    <Facts
      facts={KINDS.map((kind) => [
        t(`inspector:tokens.${kind}`),
        <span key={kind} className="figures">
          {NUMBER.format(tokens[kind])}
        </span>,
      ])}
    />
  );
}

function AttemptLine({ goal, attempt }: { readonly goal: Goal; readonly attempt: Attempt }) {
  const node = useWorld((world) => world.budgets.nodes[`run/${attempt.id}`] ?? null);
  const agent = goal.agents[attempt.agent];
  const runs = attempt.runs.flatMap((id) => goal.runs[id] ?? []);
  const { input, output, cacheRead, cacheWrite } = sumTokens(runs);
  return (
    <tr>
      <td>{t('inspector:attemptNumber', { number: attempt.number })}</td>
      <td>
        <Line text={agent?.model ?? '?'} most={60} />
      </td>
      <td className="number">{NUMBER.format(input + output + cacheRead + cacheWrite)}</td>
      <td className="number">{NUMBER.format(node?.calls ?? 0)}</td>
      <td className="number">{formatUsd(node?.spent ?? 0)}</td>
    </tr>
  );
}

function AgentLine({ goal, id }: { readonly goal: Goal; readonly id: string }) {
  const usage = useWorld((world) => world.budgets.byAgent[id] ?? null);
  const agent = goal.agents[id];
  if (!agent) return null;
  const all = usage ? usage.input + usage.output + usage.cacheRead + usage.cacheWrite : 0;
  return (
    <tr>
      <td>
        <Line text={agent.name} most={60} />
      </td>
      <td>
        <Line text={agent.model} most={60} />
      </td>
      <td className="number">{NUMBER.format(all)}</td>
      <td className="number">{NUMBER.format(usage?.calls ?? 0)}</td>
      <td className="number">{formatUsd(usage?.nanos ?? 0)}</td>
    </tr>
  );
}

function Table({ first, children }: { readonly first: string; readonly children: React.ReactNode }) {
  return (
    <div className="scroll">
      <table className="inspect-table">
        <thead>
          <tr>
            <th scope="col">{first}</th>
            <th scope="col">{t('inspector:model')}</th>
            <th scope="col" className="number">
              {t('inspector:tokensAll')}
            </th>
            <th scope="col" className="number">
              {t('inspector:calls')}
            </th>
            <th scope="col" className="number">
              {t('inspector:cost')}
            </th>
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** Which model works on it, why that one, and what it used and cost. */
export function RouteCost({ goal, subject }: { readonly goal: Goal; readonly subject: Subject }) {
  const attempts = attemptsOf(goal, subject);
  const agents = useWorld(useShallow((world) => Object.keys(world.goals[goal.id]?.agents ?? {}))) ?? [];
  const agent = goal.agents[subject.kind === 'agent' ? subject.id : (attempts.at(-1)?.agent ?? '')];
  const runs = (subject.kind === 'goal' ? Object.values(goal.attempts) : attempts).flatMap((each) =>
    each.runs.flatMap((id) => goal.runs[id] ?? []),
  );
  return (
    <div className="inspect-page">
      {agent ? (
        <Section title={t('inspector:route')}>
          <Facts
            facts={[
              [t('inspector:driver'), agent.driver],
              [t('inspector:model'), <Line key="model" text={agent.model} most={80} />],
              [t('inspector:upstream'), goal.upstream],
              [t('inspector:ledger'), t(`inspector:ledgers.${goal.ledger}`)],
            ]}
          />
          <p className="quiet">{t('inspector:fixedRoute', { role: agent.role })}</p>
        </Section>
      ) : (
        subject.kind !== 'goal' && <Empty title={t('inspector:noRoute')}>{t('inspector:noRouteWhy')}</Empty>
      )}
      {runs.length > 0 && (
        <Section title={t('inspector:tokensTitle')}>
          <TokenFacts tokens={sumTokens(runs)} />
        </Section>
      )}
      {subject.kind === 'goal' ? (
        <Section title={t('inspector:byAgent')}>
          <Table first={t('inspector:agent')}>
            {agents.map((id) => (
              <AgentLine key={id} goal={goal} id={id} />
            ))}
          </Table>
        </Section>
      ) : (
        attempts.length > 0 && (
          <Section title={t('inspector:byAttempt')}>
            <Table first={t('inspector:attempt')}>
              {attempts.map((attempt) => (
                <AttemptLine key={attempt.id} goal={goal} attempt={attempt} />
              ))}
            </Table>
          </Section>
        )
      )}
    </div>
  );
}
