import { useId, useState } from 'react';
import type { Fault } from '#protocol/model/fault.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { t } from '../../../i18n/index.ts';
import { tell } from '../../../store/notices.ts';
import { ask, send } from '../../../store/send.ts';
import { useText } from '../../../store/shown.ts';
import { useQuery } from '../../../store/use-query.ts';
import { keepDraft, useView } from '../../../store/view-store.ts';
import { useIsPast } from '../../../store/world-store.ts';
import { Button } from '../../../ui/Button.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { PlanLines } from '../../../ui/PlanLines.tsx';
import { FaultBox, Skeleton } from '../../../ui/States.tsx';
import { Line, Prose } from '../../../ui/Words.tsx';
import { Section } from '../overview/Parts.tsx';
import './plan.css';

/** Scrolls by keyboard, too. */
const SCROLLS = { tabIndex: 0 } as const;

function Changes({ lines }: { readonly lines: readonly string[] }) {
  if (lines.length === 0) return <p role="status">{t('plan:fileSame')}</p>;
  return (
    <section aria-label={t('plan:fileChanges')} {...SCROLLS}>
      <pre className="plan-lines">
        <PlanLines lines={lines} />
      </pre>
    </section>
  );
}

function PlanFileDialog({ goal, onClose }: { readonly goal: Goal; readonly onClose: () => void }) {
  const { answer } = useQuery((client) => client.plan.file({ goal: goal.id }), goal.id);
  const draft = `plan-file.${goal.id}`;
  const typed = useView((view) => view.drafts[draft] ?? '');
  const past = useIsPast();
  const id = useId();
  const [lines, setLines] = useState<readonly string[] | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const file = answer?.ok ? answer.value : null;
  const text = typed === '' ? (file?.text ?? '') : typed;
  const edit = (next: string) => {
    keepDraft(draft, next === file?.text ? '' : next);
    setLines(null);
    setFault(null);
  };
  const compare = async () => {
    const compared = await ask((client) => client.plan.compareFile({ goal: goal.id, text }));
    setFault(compared.ok ? null : compared.error);
    setLines(compared.ok ? compared.value.lines : null);
  };
  const apply = async () => {
    const applied = await send((client, command) => client.plan.applyFile({ goal: goal.id, text, command }), true);
    if (!applied.ok) return setFault(applied.error);
    keepDraft(draft, '');
    tell(t('plan:fileApplied'));
    onClose();
  };
  return (
    <Dialog
      wide
      title={t('plan:file')}
      onClose={onClose}
      footer={
        <>
          {typed !== '' && <Button onClick={() => edit(file?.text ?? '')}>{t('plan:fileReset')}</Button>}
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button disabled={file === null} onClick={() => void compare()}>
            {t('plan:fileCompare')}
          </Button>
          <Button look="primary" disabled={file === null || past || typed === ''} onClick={() => void apply()}>
            {t('plan:fileApply')}
          </Button>
        </>
      }
    >
      {answer === null && <Skeleton lines={8} />}
      {answer?.ok === false && <FaultBox fault={answer.error} />}
      {file && (
        <div className="field">
          <label htmlFor={id}>{t('plan:fileText')}</label>
          <small>
            <Line text={t('plan:fileWhat', { path: file.path })} />
          </small>
          <textarea
            id={id}
            className="input plan-file"
            spellCheck={false}
            readOnly={past}
            value={text}
            onChange={(event) => edit(event.target.value)}
          />
        </div>
      )}
      {fault && <FaultBox fault={fault} />}
      {lines && <Changes lines={lines} />}
    </Dialog>
  );
}

/** The plan as the file that is kept with the work: to read, to edit, to compare and to apply. */
export function PlanFile({ goal }: { readonly goal: Goal }) {
  const [open, setOpen] = useState(false);
  const refused = useText(goal.planFile?.refused);
  return (
    <Section
      title={t('plan:file')}
      aside={
        <Button look="bare" onClick={() => setOpen(true)}>
          {t('plan:fileOpen')}
        </Button>
      }
    >
      {refused !== '' && (
        <div className="fault">
          <strong>{t('plan:fileRefused')}</strong>
          <Prose text={refused} />
        </div>
      )}
      {open && <PlanFileDialog goal={goal} onClose={() => setOpen(false)} />}
    </Section>
  );
}
