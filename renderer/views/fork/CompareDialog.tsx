import { useState } from 'react';
import type { ComparedGoal, Comparison } from '#protocol/model/compare.ts';
import { textsIn } from '#protocol/model/goal/names.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { formatUsd } from '#protocol/model/money.ts';
import type { fork as words } from '../../i18n/en/fork.ts';
import { t } from '../../i18n/index.ts';
import { goalName } from '../../store/shown.ts';
import { useQuery } from '../../store/use-query.ts';
import { setOverlay } from '../../store/view-store.ts';
import { worldNow } from '../../store/world-store.ts';
import { plainLine } from '../../text/plain.ts';
import { span } from '../../text/time.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Empty, FaultBox, Skeleton } from '../../ui/States.tsx';
import { Line } from '../../ui/Words.tsx';
import { othersOf } from './others.ts';
import '../tables.css';
import './fork.css';

const COUNT = new Intl.NumberFormat();
const MOST_FILES = 500;
/** A long list has to be read to its end by keyboard, too. */
const SCROLLS = { tabIndex: 0 } as const;

const money = ({ ledger, spent }: ComparedGoal) =>
  ledger === 'rehearsal' ? t('fork:scripted', { amount: formatUsd(spent) }) : formatUsd(spent);

const FACTS: ReadonlyArray<readonly [keyof (typeof words)['facts'], (side: ComparedGoal) => string]> = [
  ['state', (side) => side.status ?? ''],
  ['cost', money],
  ['before', (side) => formatUsd(side.spentBefore)],
  ['time', (side) => span(side.wallMs)],
  ['attempts', (side) => COUNT.format(side.attempts)],
  ['runs', (side) => COUNT.format(side.runs)],
  ['calls', (side) => COUNT.format(side.calls)],
  ['tokens', ({ tokens }) => [tokens.input, tokens.output, tokens.cache].map((each) => COUNT.format(each)).join(' · ')],
  ['tasks', ({ tasks }) => `${tasks.done} · ${tasks.failed} · ${tasks.open}`],
  ['checks', ({ checks }) => `${checks.passed} · ${checks.failed}`],
  ['whole', (side) => t(side.whole ? 'fork:passed' : 'fork:notPassed')],
  ['models', (side) => side.models.join(', ')],
  [
    'diff',
    ({ diff }) => `${COUNT.format(diff.files)} · +${COUNT.format(diff.additions)} −${COUNT.format(diff.deletions)}`,
  ],
];

function Facts({ compared }: { readonly compared: Comparison }) {
  const textOf = textsIn(compared.texts);
  return (
    <table className="table compare-table">
      <thead>
        <tr>
          <th scope="col">{t('fork:fact')}</th>
          <th scope="col">
            <Line text={textOf(compared.a.text)} most={70} />
          </th>
          <th scope="col">
            <Line text={textOf(compared.b.text)} most={70} />
          </th>
        </tr>
      </thead>
      <tbody>
        {FACTS.map(([name, of]) => (
          <tr key={name}>
            <th scope="row">{t(`fork:facts.${name}`)}</th>
            <td className="figures">
              <Line text={of(compared.a)} most={90} />
            </td>
            <td className="figures">
              <Line text={of(compared.b)} most={90} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Files({ compared }: { readonly compared: Comparison }) {
  const shown = compared.files.slice(0, MOST_FILES);
  if (shown.length === 0) return <p className="quiet">{t('fork:noFiles')}</p>;
  return (
    <section
      className="compare-files"
      aria-label={t('fork:files', { commit: compared.common.slice(0, 10) })}
      {...SCROLLS}
    >
      <h3>{t('fork:files', { commit: compared.common.slice(0, 10) })}</h3>
      <ul className="bare">
        {shown.map((file) => (
          <li key={file.path} className="row compare-file">
            <span className="chip" data-in={file.in}>
              {t(`fork:in.${file.in}`)}
            </span>
            <code className="line-of-text">
              <Line text={file.path} />
            </code>
          </li>
        ))}
      </ul>
      {compared.total > shown.length && <small>{t('fork:moreFiles', { count: compared.total - shown.length })}</small>}
    </section>
  );
}

function Compared({ a, b }: { readonly a: string; readonly b: string }) {
  const { answer } = useQuery((client) => client.goals.compare({ a, b }), `${a} ${b}`);
  if (answer === null) return <Skeleton lines={8} />;
  if (!answer.ok) return <FaultBox fault={answer.error} />;
  return (
    <>
      <Facts compared={answer.value} />
      <Files compared={answer.value} />
    </>
  );
}

/** A goal beside another of its project: the one it comes from, one of its forks, or any other. */
export function CompareDialog({ goal, other }: { readonly goal: Goal; readonly other: string | null }) {
  const others = othersOf(worldNow()?.goals ?? {}, goal);
  const [chosen, setChosen] = useState(other);
  const shown = others.find((each) => each.id === chosen) ?? others[0];
  const textOf = textsIn(worldNow()?.texts ?? {});
  return (
    <Dialog title={t('fork:compareTitle')} wide onClose={() => setOverlay(null)}>
      {shown ? (
        <>
          <div className="field">
            <label htmlFor="compare-with">{t('fork:with')}</label>
            <select
              id="compare-with"
              className="input"
              value={shown.id}
              onChange={(event) => setChosen(event.target.value)}
            >
              {others.map((each) => (
                <option key={each.id} value={each.id}>
                  {`${plainLine(goalName(textOf(each.text)), 80)} (${each.id.slice(-6)})`}
                </option>
              ))}
            </select>
          </div>
          {/* What a fork comes from stands first. */}
          {goal.forkedFrom?.goal === shown.id ? (
            <Compared a={shown.id} b={goal.id} />
          ) : (
            <Compared a={goal.id} b={shown.id} />
          )}
        </>
      ) : (
        <Empty title={t('fork:noForks')}>
          <p>{t('fork:noForksWhy')}</p>
        </Empty>
      )}
    </Dialog>
  );
}
