import { t } from '../i18n/index.ts';
import { tell, tellFault } from '../store/notices.ts';

/** Puts a text on the clipboard and says so. */
export function copyText(text: string): void {
  navigator.clipboard.writeText(text).then(
    () => tell(t('inspector:copied')),
    () =>
      tellFault({
        tag: 'no-clipboard',
        what: t('inspector:notCopied'),
        why: t('inspector:notCopiedWhy'),
        next: t('inspector:notCopiedNext'),
      }),
  );
}
