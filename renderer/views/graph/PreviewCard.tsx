import type { AssignmentPreview } from '#protocol/contract/plan.ts';
import { formatUsd } from '#protocol/model/money.ts';
import { t } from '../../i18n/index.ts';
import type { Answered } from '../../store/send.ts';
import { useGoal } from '../../store/shown.ts';
import { FaultBox } from '../../ui/States.tsx';
import { Line } from '../../ui/Words.tsx';
import { titleOf } from './actions.ts';
import type { Previews } from './drag.ts';

/** More than these are counted, not listed. */
const LISTED = 6;

/** What giving a task to an agent would mean, before it is done. */
function PreviewCard({ preview }: { readonly preview: Answered<AssignmentPreview> | null }) {
  if (preview === null) return <small>{t('graph:preview.looking')}</small>;
  if (!preview.ok) return <FaultBox fault={preview.error} />;
  const { refusal, driver, model, route, estimateNanos, capNanos, privacy, waitsFor, handsOver } = preview.value;
  if (refusal) return <FaultBox fault={refusal} />;
  return (
    <dl className="graph-preview">
      {handsOver !== null && (
        <>
          <dt>{t('graph:preview.handover')}</dt>
          <dd>
            <Line text={t('graph:preview.handsOver', { agent: handsOver.slice(0, 60) })} />
          </dd>
        </>
      )}
      <dt>{t('graph:preview.model')}</dt>
      <dd>
        <Line text={`${driver} · ${model}`} />
        <small>{route}</small>
      </dd>
      <dt>{t('graph:preview.cost')}</dt>
      <dd className="figures">
        {estimateNanos === null ? t('graph:preview.none') : formatUsd(estimateNanos)};{' '}
        {t('graph:preview.cap', { usd: formatUsd(capNanos) })}
      </dd>
      <dt>{t('graph:preview.data')}</dt>
      <dd>{privacy}</dd>
      <dt>{t('graph:preview.waits')}</dt>
      <dd>
        {waitsFor.length === 0 && t('graph:preview.now')}
        {waitsFor.map((each) => (
          <Line key={each} text={each} most={120} />
        ))}
      </dd>
    </dl>
  );
}

/** In a word: why the agent cannot take it, what it waits for, or that it starts. */
function inShort(preview: Answered<AssignmentPreview> | undefined): string {
  if (!preview) return t('graph:preview.looking');
  if (!preview.ok) return preview.error.what;
  const { refusal, waitsFor } = preview.value;
  if (refusal) return refusal.what;
  return waitsFor.length === 0 ? t('graph:preview.now') : t('graph:preview.waitsFor', { count: waitsFor.length });
}

/** What giving tasks to one agent would mean: one in full, several a line each. */
export function PreviewList({
  tasks,
  previews,
}: {
  readonly tasks: readonly string[];
  readonly previews: Previews | null;
}) {
  const goal = useGoal();
  if (tasks.length < 2) return <PreviewCard preview={previews?.[0] ?? null} />;
  if (!goal) return null;
  return (
    <ul className="bare graph-previews">
      {tasks.slice(0, LISTED).map((task, index) => (
        <li key={task}>
          <Line text={titleOf(goal, task)} most={60} />
          <small>{inShort(previews?.[index])}</small>
        </li>
      ))}
      {tasks.length > LISTED && <li className="quiet">{t('graph:preview.more', { count: tasks.length - LISTED })}</li>}
    </ul>
  );
}
