import type { AssignmentPreview } from '#protocol/contract/plan.ts';
import { formatUsd } from '#protocol/model/money.ts';
import { t } from '../../i18n/index.ts';
import type { Answered } from '../../store/send.ts';
import { FaultBox } from '../../ui/States.tsx';
import { Line } from '../../ui/Words.tsx';

/** What giving a task to an agent would mean, before it is done. */
export function PreviewCard({ preview }: { readonly preview: Answered<AssignmentPreview> | null }) {
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
