import { t } from '../../i18n/index.ts';
import { Empty } from '../../ui/States.tsx';

/** What is remembered; its depth comes with the memory feature. */
export default function MemoryView() {
  return <Empty title={t('memory:none')}>{t('memory:why')}</Empty>;
}
