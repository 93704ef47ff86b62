import { t } from '../i18n/index.ts';

/** What is shown to a browser that is not logged in. */
export function Login({ refused }: { readonly refused: boolean }) {
  return (
    <main className="empty">
      <h1>{t('login.title')}</h1>
      {refused && <p role="alert">{t('login.refused')}</p>}
      <p>{t('login.how')}</p>
      <pre>npx aios open</pre>
    </main>
  );
}
