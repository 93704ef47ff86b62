import type { DecisionView } from '#protocol/contract/messages.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/Button.tsx';
import { Ago, Line, Prose } from '../../ui/Words.tsx';

/** Most characters shown of what was decided; the whole is what agents read. */
const MOST = 4_000;

/** Whom a decision binds, in words. */
function whom({ roles, agents, paths }: DecisionView['binds']): string {
  if (roles.includes('everyone')) return [t('memory:everyone'), ...paths].join(', ');
  const names = [...roles, ...(agents.length > 0 ? [t('memory:agents', { count: agents.length })] : []), ...paths];
  return names.length === 0 ? t('memory:nobody') : names.join(', ');
}

/** One decision: what it is about, what holds, how it came about and whom it binds. */
export function Decided({
  decision,
  project,
  onReplace,
  onRetire,
}: {
  readonly decision: DecisionView;
  /** Name of the project it belongs to. */
  readonly project: string;
  readonly onReplace?: () => void;
  readonly onRetire?: () => void;
}) {
  const { over, how, binds, at } = decision;
  return (
    <li className="decision" data-over={over !== null}>
      <div className="row">
        <strong className="grow line-of-text">
          <Line text={decision.subjectText} most={200} />
        </strong>
        {over !== null && (
          <span className="chip">{t(over.successor === null ? 'memory:over' : 'memory:replaced')}</span>
        )}
        <small>
          <Line text={project} most={60} />
        </small>
        <small>
          <Ago at={at} />
        </small>
      </div>
      <Prose text={decision.textText} most={MOST} />
      <div className="row">
        <small className="grow line-of-text">
          {t(`memory:how.${how}`)} · <Line text={t('memory:binds', { whom: whom(binds) })} most={200} />
        </small>
        {onReplace && <Button onClick={onReplace}>{t('memory:replace')}</Button>}
        {onRetire && <Button onClick={onRetire}>{t('memory:retire')}</Button>}
      </div>
    </li>
  );
}
