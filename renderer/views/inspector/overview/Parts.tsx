import type { ReactNode } from 'react';
import type { LiveView } from '#protocol/contract/feed.ts';
import { formatUsd, NANOS_PER_USD } from '#protocol/model/money.ts';
import { t } from '../../../i18n/index.ts';
import { send } from '../../../store/send.ts';
import { keepDraft, useView } from '../../../store/view-store.ts';
import { useIsPast, useWorld } from '../../../store/world-store.ts';
import { Button } from '../../../ui/Button.tsx';
import { Ago, Line } from '../../../ui/Words.tsx';

/** A titled part of an overview. */
export function Section({
  title,
  aside,
  children,
}: {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className="inspect-section">
      <h3 className="row">
        <span className="grow">{title}</span>
        {aside}
      </h3>
      {children}
    </section>
  );
}

/** Names and values, one a line. */
export function Facts({ facts }: { readonly facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="inspect-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Alive, progressing and done, apart: a process that lives need not get on, and one that gets on need not be done. */
export function Pulse({ live, done }: { readonly live: LiveView | null; readonly done: string }) {
  return (
    <Section title={t('inspector:pulse')}>
      <Facts
        facts={[
          [t('inspector:alive'), live ? <AgoText key="alive" at={live.aliveAt} /> : t('inspector:noProcess')],
          [
            t('inspector:progressing'),
            live ? <AgoText key="progressing" at={live.progressAt} /> : t('inspector:notNow'),
          ],
          ...(live && live.activity !== ''
            ? [[t('inspector:doing'), <Line key="doing" text={live.activity} />] as const]
            : []),
          [t('inspector:done'), done],
        ]}
      />
    </Section>
  );
}

function AgoText({ at }: { readonly at: number }) {
  return (
    <>
      <Ago at={at} /> {t('inspector:ago')}
    </>
  );
}

/** The live figures of an attempt's run, or null. */
export function useLive(attempt: string | null): LiveView | null {
  return useWorld((world) => world.live.find((each) => each.attempt === attempt) ?? null);
}

/** What a node of the budget tree has spent of its cap, with a form to change the cap. */
export function Spend({
  goal,
  attempt,
  fallback,
  fixed,
}: {
  readonly goal: string;
  readonly attempt: string | null;
  /** Nano-dollars that hold before the node exists. */
  readonly fallback: number;
  /** Over: nothing is spent any more, so there is no cap to change. */
  readonly fixed: boolean;
}) {
  const node = useWorld((world) => world.budgets.nodes[attempt === null ? `goal/${goal}` : `run/${attempt}`] ?? null);
  const draft = `inspector.cap.${attempt ?? goal}`;
  const typed = useView((view) => view.drafts[draft] ?? '');
  const past = useIsPast();
  const cap = node?.cap ?? fallback;
  const spent = node?.spent ?? 0;
  const usd = Number(typed);
  const set = async () => {
    const answered = await send((client, command) =>
      client.goals.setCap({ goal, usd, ...(attempt === null ? {} : { attempt }), command }),
    );
    if (answered.ok) keepDraft(draft, '');
  };
  const share = cap > 0 ? Math.min(1, spent / cap) : 0;
  return (
    <div className="column">
      <div className="row figures">
        <span className="grow">{t('inspector:spentOf', { spent: formatUsd(spent), cap: formatUsd(cap) })}</span>
        {node !== null && node.reserved > 0 && (
          <small>{t('inspector:reserved', { amount: formatUsd(node.reserved) })}</small>
        )}
      </div>
      <div className="bar" aria-hidden>
        <span style={{ width: `${share * 100}%` }} />
      </div>
      {!past && !fixed && (
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            void set();
          }}
        >
          <label htmlFor={draft} className="inspect-label">
            {t('inspector:newCap')}
          </label>
          <input
            id={draft}
            className="input figures inspect-cap"
            inputMode="decimal"
            placeholder={(cap / NANOS_PER_USD).toFixed(2)}
            value={typed}
            onChange={(event) => keepDraft(draft, event.target.value)}
          />
          <Button type="submit" disabled={typed === '' || !(usd >= 0)}>
            {t('inspector:setCap')}
          </Button>
        </form>
      )}
    </div>
  );
}
