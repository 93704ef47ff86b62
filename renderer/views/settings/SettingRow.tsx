import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import type { SettingValue, SettingView } from '#protocol/contract/settings.ts';
import { t } from '../../i18n/index.ts';
import { tell } from '../../store/notices.ts';
import { send } from '../../store/send.ts';
import { IconButton } from '../../ui/Button.tsx';

const shown = (value: SettingValue) => (value === null || value === '' ? '' : String(value));

/** What was typed as a value of the setting's kind; empty is nothing. */
function typedValue(setting: SettingView, text: string): SettingValue {
  if (text.trim() === '') return null;
  return setting.kind === 'number' ? Number(text) : text.trim();
}

function Control({
  setting,
  id,
  save,
}: {
  readonly setting: SettingView;
  readonly id: string;
  readonly save: (value: SettingValue) => void;
}) {
  const [text, setText] = useState<string | null>(null);
  const disabled = setting.source === 'environment';
  if (setting.kind === 'choice')
    return (
      <select
        id={id}
        className="input"
        value={shown(setting.value)}
        disabled={disabled}
        onChange={(event) => save(event.target.value)}
      >
        {setting.choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
    );
  if (setting.kind === 'boolean')
    return (
      <label className="row">
        <input
          id={id}
          type="checkbox"
          checked={setting.value === true}
          disabled={disabled}
          onChange={(event) => save(event.target.checked)}
        />
        {t('settings:on')}
      </label>
    );
  const done = () => {
    if (text !== null && text !== shown(setting.value)) save(typedValue(setting, text));
    setText(null);
  };
  return (
    <span className="row">
      <input
        id={id}
        className="input figures"
        inputMode={setting.kind === 'number' ? 'decimal' : 'text'}
        value={text ?? shown(setting.value)}
        placeholder={t('settings:byMachine')}
        disabled={disabled}
        onChange={(event) => setText(event.target.value)}
        onBlur={done}
        onKeyDown={(event) => {
          if (event.key === 'Enter') done();
          if (event.key === 'Escape') setText(null);
        }}
      />
      {setting.unit !== '' && <span className="quiet">{setting.unit}</span>}
    </span>
  );
}

/** One setting: what it is, what it means, and the way back to its default. */
export function SettingRow({
  setting,
  project,
  onChanged,
}: {
  readonly setting: SettingView;
  readonly project: string | null;
  readonly onChanged: () => void;
}) {
  const id = `setting-${setting.key}`;
  const own = setting.source === (project === null ? 'user' : 'project');
  const save = async (value: SettingValue) => {
    const before = own ? setting.value : null;
    const saved = await send((client) => client.settings.set({ key: setting.key, project, value }));
    onChanged();
    if (!saved.ok) return;
    const undo = () =>
      void send((client) =>
        before === null
          ? client.settings.reset({ key: setting.key, project })
          : client.settings.set({ key: setting.key, project, value: before }),
      ).then(onChanged);
    tell(t('settings:saved', { title: setting.title }), undo);
  };
  const reset = () => void send((client) => client.settings.reset({ key: setting.key, project })).then(onChanged);
  return (
    <div className="settings-row">
      <div className="settings-words">
        <label htmlFor={id}>
          <strong>{setting.title}</strong>
        </label>{' '}
        {own && <span className="chip">{t('settings:modified')}</span>}
        <p className="quiet">
          {setting.description} {setting.needsRestart && t('settings:restart')}
        </p>
        {setting.source === 'environment' && <small>{t('settings:fromEnvironment')}</small>}
        {project !== null && setting.source === 'user' && <small>{t('settings:fromUser')}</small>}
      </div>
      <div className="row settings-control">
        <Control setting={setting} id={id} save={(value) => void save(value)} />
        <IconButton
          icon={RotateCcw}
          name={t('settings:reset', { value: shown(setting.fallback) || t('settings:byMachine') })}
          disabled={!own}
          onClick={reset}
        />
      </div>
    </div>
  );
}
