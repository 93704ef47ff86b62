import { useState } from 'react';
import type { SecretView } from '#protocol/contract/settings.ts';
import { t } from '../../i18n/index.ts';
import { send } from '../../store/send.ts';
import { useQuery } from '../../store/use-query.ts';
import { Button } from '../../ui/Button.tsx';
import { FaultBox } from '../../ui/States.tsx';

function SecretRow({ secret, onChanged }: { readonly secret: SecretView; readonly onChanged: () => void }) {
  const [value, setValue] = useState('');
  const { name } = secret;
  const keep = async () => {
    const kept = await send((client) => client.settings.setSecret({ name, value }));
    if (kept.ok) setValue('');
    onChanged();
  };
  const remove = () => void send((client) => client.settings.removeSecret({ name })).then(onChanged);
  return (
    <div className="settings-row">
      <div className="settings-words">
        <label htmlFor={`secret-${name}`}>
          <strong>{secret.title}</strong>
        </label>{' '}
        <span className="chip">{t(`settings:secretState.${secret.state}`)}</span>
        <p className="quiet">
          {secret.description} {t('settings:kept', { where: secret.kept })}
        </p>
      </div>
      <form
        className="row settings-control"
        onSubmit={(event) => {
          event.preventDefault();
          void keep();
        }}
      >
        <input
          id={`secret-${name}`}
          type="password"
          className="input"
          autoComplete="off"
          placeholder={t('settings:newValue')}
          value={value}
          onChange={(event) => setValue(event.target.value)}
        />
        <Button type="submit" disabled={value === ''}>
          {t('settings:keep')}
        </Button>
        <Button disabled={secret.state !== 'set'} onClick={remove}>
          {t('settings:remove')}
        </Button>
      </form>
    </div>
  );
}

/** Secrets: there or not, written or removed, never shown. */
export function Secrets() {
  const { answer, again } = useQuery((client) => client.settings.secrets(), 'secrets');
  return (
    <section>
      <h2>{t('settings:secrets')}</h2>
      <p className="quiet">{t('settings:secretsWhy')}</p>
      {answer?.ok === false && <FaultBox fault={answer.error} />}
      {answer?.ok && answer.value.map((secret) => <SecretRow key={secret.name} secret={secret} onChanged={again} />)}
    </section>
  );
}
