import type { Assignee } from '#protocol/model/goal/parts.ts';
import { t } from '../../i18n/index.ts';
import { plainLine } from '../../text/plain.ts';

/** Which plan a fork begins with. */
export type PlanChoice = 'same' | 'replan' | 'tasks';

/** A task of a fork while it is written. */
export interface WrittenLine {
  readonly key: string;
  readonly title: string;
  readonly brief: string;
  readonly assignee: Assignee;
  readonly dependsOn: readonly string[];
  readonly included: boolean;
}

function Line({ line, onChange }: { readonly line: WrittenLine; readonly onChange: (line: WrittenLine) => void }) {
  const name = plainLine(line.title, 60);
  return (
    <li className="fork-task">
      <input
        type="checkbox"
        aria-label={t('fork:include', { task: name })}
        checked={line.included}
        onChange={(event) => onChange({ ...line, included: event.target.checked })}
      />
      <div className="column grow">
        <input
          className="input"
          aria-label={t('fork:taskTitle', { task: name })}
          maxLength={200}
          value={line.title}
          disabled={!line.included}
          onChange={(event) => onChange({ ...line, title: event.target.value })}
        />
        <textarea
          className="input"
          rows={2}
          aria-label={t('fork:taskBrief', { task: name })}
          value={line.brief}
          disabled={!line.included}
          onChange={(event) => onChange({ ...line, brief: event.target.value })}
        />
      </div>
    </li>
  );
}

/** The plan of a fork: the same again, made anew, or written here. */
export function ForkPlan({
  plan,
  onPlan,
  lines,
  onLines,
}: {
  readonly plan: PlanChoice;
  readonly onPlan: (plan: PlanChoice) => void;
  readonly lines: readonly WrittenLine[];
  readonly onLines: (lines: WrittenLine[]) => void;
}) {
  return (
    <>
      <div className="field">
        <label htmlFor="fork-plan">{t('fork:plan')}</label>
        <select
          id="fork-plan"
          className="input"
          value={plan}
          onChange={(event) => onPlan(event.target.value as PlanChoice)}
        >
          <option value="same">{t('fork:plans.same')}</option>
          <option value="replan">{t('fork:plans.replan')}</option>
          <option value="tasks">{t('fork:plans.tasks')}</option>
        </select>
        {plan !== 'replan' && lines.length === 0 && <small className="problem">{t('fork:noTasks')}</small>}
      </div>
      {plan === 'tasks' && lines.length > 0 && (
        <ul className="bare fork-tasks" aria-label={t('fork:tasks')}>
          {lines.map((line) => (
            <Line
              key={line.key}
              line={line}
              onChange={(next) => onLines(lines.map((each) => (each.key === next.key ? next : each)))}
            />
          ))}
        </ul>
      )}
    </>
  );
}
