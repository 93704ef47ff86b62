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

/** A sentence of the catalogue: `t('graph:tidy')`, `t('inbox:left', { count: 3 })`. Keys are checked by the compiler. */
export const t = i18next.t;
