import i18next from 'i18next';
import { en } from './en/index.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'frame';
    resources: typeof en;
  }
}

// The catalogue is part of the build, so initialising is synchronous and cannot fail.
void i18next.init({
  lng: 'en',
  fallbackLng: 'en',
  defaultNS: 'frame',
  resources: { en },
  // React escapes what it renders; escaping twice would show entities.
  interpolation: { escapeValue: false },
  initAsync: false,
});

// Keys are checked where they are written; here they are texts.
const translate = i18next.t as unknown as (key: string, values?: object) => string;

const said = new Map<string, string>();
i18next.on('languageChanged', () => said.clear());

/**
 * A sentence of the catalogue: `t('graph:tidy')`, `t('inbox:left', { count: 3 })`. Keys are checked by the compiler. One
 * without values is looked up once: looking up is slow, and a view says the same words with every event.
 */
export const t = ((key: string, values?: object) => {
  if (values !== undefined) return translate(key, values);
  const known = said.get(key);
  if (known !== undefined) return known;
  const found = translate(key);
  said.set(key, found);
  return found;
}) as unknown as typeof i18next.t;
