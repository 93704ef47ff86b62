import { useEffect, useRef, useState } from 'react';
import { commandMatches } from '#protocol/agent/command.ts';
import { t } from '../../i18n/index.ts';
import { Button } from '../../ui/Button.tsx';
import { narrow } from './state.ts';

/** The pattern that "always" would allow: shown first, and made wider or narrower by the CEO. */
export function Always({
  command,
  onAllow,
}: {
  readonly command: string;
  readonly onAllow: (pattern: string) => void;
}) {
  const [pattern, setPattern] = useState(command);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const fits = commandMatches(command, pattern);
  return (
    <form
      className="inbox-always"
      onSubmit={(event) => {
        event.preventDefault();
        if (fits) onAllow(pattern);
      }}
    >
      <label htmlFor="inbox-pattern">{t('inbox:pattern')}</label>
      <input
        id="inbox-pattern"
        className="input mono"
        ref={input}
        value={pattern}
        aria-invalid={!fits}
        onChange={(event) => setPattern(event.target.value)}
      />
      <small>{t('inbox:patternHint')}</small>
      <div className="row">
        <Button type="submit" look="primary" disabled={!fits}>
          {t('inbox:allowAlways')}
        </Button>
        <Button onClick={() => narrow(false)}>{t('cancel')}</Button>
      </div>
    </form>
  );
}
