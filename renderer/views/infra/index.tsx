import { RefreshCw } from 'lucide-react';
import type { ReactNode } from 'react';
import type { LiveView } from '#protocol/contract/feed.ts';
import { t } from '../../i18n/index.ts';
import { useQuery } from '../../store/use-query.ts';
import { useWorld } from '../../store/world-store.ts';
import { IconButton } from '../../ui/Button.tsx';
import { StateMark } from '../../ui/StateMark.tsx';
import { FaultBox, Skeleton } from '../../ui/States.tsx';
import { Ago, Line } from '../../ui/Words.tsx';
import '../tables.css';

const MIB = 1_048_576;
const MARKS = { up: 'done', down: 'failed', unknown: 'idle' } as const;
const mib = (bytes: number) => `${Math.round(bytes / MIB)} MiB`;

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="fact">
      <dt className="quiet">{name}</dt>
      <dd className="figures">{children}</dd>
    </div>
  );
}

function Processes({ live }: { readonly live: readonly LiveView[] }) {
  const goals = useWorld((world) => world.goals) ?? {};
  if (live.length === 0) return <p className="quiet">{t('infra:noProcesses')}</p>;
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">{t('infra:agent')}</th>
          <th scope="col">{t('infra:doing')}</th>
          <th scope="col" className="number">
            {t('infra:cpu')}
          </th>
          <th scope="col" className="number">
            {t('infra:memory')}
          </th>
        </tr>
      </thead>
      <tbody>
        {live.map((run) => (
          <tr key={run.run}>
            <td>
              <Line text={goals[run.goal]?.agents[run.agent]?.name ?? run.agent} most={60} />
            </td>
            <td>
              <Line text={run.activity} most={120} />
            </td>
            <td className="number">{run.cpuSeconds.toFixed(1)} s</td>
            <td className="number">{mib(run.residentBytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What runs where, and how it is. */
export default function InfraView() {
  const { answer, again } = useQuery((client) => client.system.info(), 'info');
  const live = useWorld((world) => world.live) ?? [];
  const info = answer?.ok ? answer.value : null;
  return (
    <div className="sheet">
      <section>
        <div className="row">
          <h2 className="grow">{t('infra:profile')}</h2>
          <IconButton icon={RefreshCw} name={t('infra:refresh')} onClick={again} />
        </div>
        <p className="quiet">{t('infra:profileWhy')}</p>
      </section>
      {answer === null && <Skeleton lines={6} />}
      {answer?.ok === false && <FaultBox fault={answer.error} />}
      {info && (
        <>
          <section>
            <h2>{t('infra:orchestrator')}</h2>
            <dl className="facts">
              <Fact name={t('infra:version')}>{info.version}</Fact>
              <Fact name={t('infra:pid')}>{info.pid}</Fact>
              <Fact name={t('infra:start')}>{info.epoch}</Fact>
              <Fact name={t('infra:since')}>
                <Ago at={info.startedAt} />
              </Fact>
              <Fact name={t('infra:memory')}>{mib(info.residentBytes)}</Fact>
              <Fact name={t('infra:loop')}>{info.loopDelayP99Ms} ms</Fact>
              <Fact name={t('infra:agents')}>{t('infra:agentsValue', info.agents)}</Fact>
              <Fact name={t('infra:home')}>
                <code>{info.home}</code>
              </Fact>
            </dl>
          </section>
          <section>
            <h2>{t('infra:models')}</h2>
            <ul className="bare">
              {info.upstreams.map((upstream) => (
                <li key={upstream.id} className="row list-row">
                  <StateMark standing={MARKS[upstream.state]} bare />
                  <strong>{upstream.id}</strong>
                  <span className="quiet">{t(`infra:upstream.${upstream.state}`)}</span>
                  <Line text={upstream.cause} />
                  {upstream.scripted && <span className="chip">{t('infra:scripted')}</span>}
                </li>
              ))}
            </ul>
          </section>
          <section>
            <h2>{t('infra:problems')}</h2>
            {info.problems.length === 0 && <p className="quiet">{t('infra:noProblems')}</p>}
            <ul>
              {info.problems.map((problem) => (
                <li key={problem}>
                  <Line text={problem} most={500} />
                </li>
              ))}
            </ul>
          </section>
        </>
      )}
      <section>
        <h2>{t('infra:processes')}</h2>
        <Processes live={live} />
      </section>
    </div>
  );
}
