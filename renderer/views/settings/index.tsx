import { Copy } from 'lucide-react';
import { useState } from 'react';
import type { SettingView } from '#protocol/contract/settings.ts';
import { t } from '../../i18n/index.ts';
import { tell } from '../../store/notices.ts';
import { ask } from '../../store/send.ts';
import { useQuery } from '../../store/use-query.ts';
import { setDensity, setTheme, useView } from '../../store/view-store.ts';
import { useWorld } from '../../store/world-store.ts';
import { Button } from '../../ui/Button.tsx';
import { Empty, FaultBox, Skeleton } from '../../ui/States.tsx';
import { Secrets } from './Secrets.tsx';
import { SettingRow } from './SettingRow.tsx';
import './settings.css';

const THEMES = ['system', 'light', 'dark'] as const;
const DENSITIES = ['comfortable', 'compact'] as const;

function Look() {
  const theme = useView((view) => view.theme);
  const density = useView((view) => view.density);
  return (
    <section>
      <h2>{t('settings:look')}</h2>
      <div className="settings-row">
        <label htmlFor="look-theme" className="settings-words">
          <strong>{t('settings:theme')}</strong>
        </label>
        <select
          id="look-theme"
          className="input settings-control"
          value={theme}
          onChange={(event) => setTheme(THEMES.find((each) => each === event.target.value) ?? 'system')}
        >
          {THEMES.map((each) => (
            <option key={each} value={each}>
              {t(`settings:themes.${each}`)}
            </option>
          ))}
        </select>
      </div>
      <div className="settings-row">
        <label htmlFor="look-density" className="settings-words">
          <strong>{t('settings:density')}</strong>
        </label>
        <select
          id="look-density"
          className="input settings-control"
          value={density}
          onChange={(event) => setDensity(DENSITIES.find((each) => each === event.target.value) ?? 'comfortable')}
        >
          {DENSITIES.map((each) => (
            <option key={each} value={each}>
              {t(`settings:densities.${each}`)}
            </option>
          ))}
        </select>
      </div>
    </section>
  );
}

function fits(setting: SettingView, words: string): boolean {
  const text = `${setting.key} ${setting.group} ${setting.title} ${setting.description}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

async function copyYaml(project: string | null): Promise<void> {
  const answer = await ask((client) => client.settings.export({ project }));
  if (!answer.ok) return;
  await navigator.clipboard.writeText(answer.value.yaml);
  tell(t('settings:exported'));
}

/** Every setting, by group; searchable; for everything or for one project. */
export default function SettingsView() {
  const [words, setWords] = useState('');
  const [project, setProject] = useState<string | null>(null);
  const projects = useWorld((world) => world.projects) ?? {};
  const { answer, again } = useQuery((client) => client.settings.list({ project }), `settings:${project ?? ''}`);
  const found = answer?.ok ? answer.value.filter((setting) => fits(setting, words)) : [];
  const groups = [...new Set(found.map((setting) => setting.group))];
  return (
    <div className="settings">
      <div className="row settings-bar">
        <input
          type="search"
          className="input"
          placeholder={t('settings:search')}
          aria-label={t('settings:search')}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <select
          className="input settings-scope"
          aria-label={t('settings:scope')}
          value={project ?? ''}
          onChange={(event) => setProject(event.target.value === '' ? null : event.target.value)}
        >
          <option value="">{t('settings:user')}</option>
          {Object.values(projects).map((each) => (
            <option key={each.id} value={each.path}>
              {t('settings:project', { name: each.name })}
            </option>
          ))}
        </select>
        <Button icon={Copy} onClick={() => void copyYaml(project)}>
          {t('settings:export')}
        </Button>
      </div>
      {answer === null && <Skeleton lines={10} />}
      {answer?.ok === false && <FaultBox fault={answer.error} />}
      {groups.map((group) => (
        <section key={group}>
          <h2>{group}</h2>
          {found
            .filter((setting) => setting.group === group)
            .map((setting) => (
              <SettingRow
                key={`${project ?? ''}:${setting.key}`}
                setting={setting}
                project={project}
                onChanged={again}
              />
            ))}
        </section>
      ))}
      {answer?.ok === true && found.length === 0 && <Empty title={t('settings:none')} />}
      {words === '' && project === null && <Secrets />}
      {words === '' && project === null && <Look />}
    </div>
  );
}
