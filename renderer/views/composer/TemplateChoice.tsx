import { t } from '../../i18n/index.ts';
import { useQuery } from '../../store/use-query.ts';
import { plainLine } from '../../text/plain.ts';
import { changeDraft, useGoalDraft } from './draft.ts';

/** Whether the Lead plans, or one of the plans that are made already is used. Each says what it is for. */
export function TemplateChoice() {
  const chosen = useGoalDraft((draft) => draft.template) ?? null;
  const { answer } = useQuery((client) => client.plan.templates(), 'templates');
  const templates = answer?.ok ? answer.value : [];
  const template = templates.find(({ name }) => name === chosen);
  return (
    <div className="field">
      <label htmlFor="compose-template">{t('plan:template')}</label>
      <select
        id="compose-template"
        className="input"
        value={template?.name ?? ''}
        onChange={(event) => changeDraft({ template: event.target.value === '' ? null : event.target.value })}
      >
        <option value="">{t('plan:templateNone')}</option>
        {templates.map(({ name, title, about }) => (
          <option key={name} value={name}>
            {plainLine(`${title}: ${about}`, 160)}
          </option>
        ))}
      </select>
      <small>
        {template
          ? t('plan:templateWhat', { count: template.nodes, roles: plainLine(template.roles.join(', '), 200) })
          : t('plan:templateNoneWhat')}
      </small>
    </div>
  );
}
