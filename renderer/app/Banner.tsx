import { CloudOff, History } from 'lucide-react';
import { t } from '../i18n/index.ts';
import { showPast, useIsPast, useLink } from '../store/world-store.ts';
import { Button } from '../ui/Button.tsx';

/** What must be known before anything on the page is believed: no connection, or a past moment. */
export function Banner() {
  const link = useLink();
  const past = useIsPast();
  if (link.state === 'offline')
    return (
      <div className="banner" data-kind="offline" role="status">
        <CloudOff size={14} aria-hidden />
        <span>{t('banner.offline')}</span>
        <span className="quiet">{t('banner.reconnecting', { seconds: Math.ceil(link.retryMs / 1_000) })}</span>
      </div>
    );
  if (past)
    return (
      <div className="banner" data-kind="past" role="status">
        <History size={14} aria-hidden />
        <span className="grow">{t('banner.past')}</span>
        <Button onClick={() => showPast(null)}>{t('banner.live')}</Button>
      </div>
    );
  return null;
}
