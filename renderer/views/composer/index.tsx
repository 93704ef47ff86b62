import { Paperclip, X } from 'lucide-react';
import { useRef, useState } from 'react';
import type { Fault } from '#protocol/model/fault.ts';
import { t } from '../../i18n/index.ts';
import { send } from '../../store/send.ts';
import { useGoal } from '../../store/shown.ts';
import { goTo, setOverlay, showGoal } from '../../store/view-store.ts';
import { useWorld } from '../../store/world-store.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { FaultBox } from '../../ui/States.tsx';
import { Line } from '../../ui/Words.tsx';
import { attach, imagesIn, withTexts } from './attach.ts';
import { type Attachment, changeDraft, clearDraft, useGoalDraft } from './draft.ts';
import { Repository } from './Repository.tsx';
import { TemplateChoice } from './TemplateChoice.tsx';
import { type Defaults, useDefaults } from './use-defaults.ts';
import { useInspection } from './use-inspection.ts';
import './composer.css';

const close = () => setOverlay(null);

const kilobytesOf = (each: Attachment) =>
  Math.ceil(('text' in each ? each.text.length : (each.image.length * 3) / 4) / 1_000);

function Attachments() {
  const attachments = useGoalDraft((draft) => draft.attachments);
  const input = useRef<HTMLInputElement>(null);
  const without = (name: string) => changeDraft({ attachments: attachments.filter((each) => each.name !== name) });
  return (
    <div className="row compose-attachments">
      <Button look="bare" icon={Paperclip} onClick={() => input.current?.click()}>
        {t('compose:attach')}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          void attach(event.target.files ?? []);
          event.target.value = '';
        }}
      />
      {attachments.map((each) => (
        <span className="chip" key={each.name}>
          {'image' in each && <img src={`data:image/webp;base64,${each.image}`} alt="" />}
          <Line text={t('compose:attached', { name: each.name, size: kilobytesOf(each) })} />
          <IconButton icon={X} name={t('compose:remove')} onClick={() => without(each.name)} />
        </span>
      ))}
    </div>
  );
}

function Choices({ defaults }: { readonly defaults: Defaults }) {
  const { who, mode, cap } = useGoalDraft();
  const capText = cap ?? String(defaults.capUsd);
  return (
    <div className="compose-choices">
      <div className="field">
        <label htmlFor="compose-who">{t('compose:who')}</label>
        <select
          id="compose-who"
          className="input"
          value={who}
          onChange={(event) => changeDraft({ who: event.target.value })}
        >
          <option value="crew">{t('compose:crew')}</option>
          {defaults.roles
            .filter((role) => !role.lead)
            .map((role) => (
              <option key={role.role} value={role.role}>
                {t('compose:one', { role: role.title })}
              </option>
            ))}
          <option value="board">{t('compose:board')}</option>
        </select>
      </div>
      {who === 'crew' && (
        <div className="field">
          <label htmlFor="compose-mode">{t('compose:mode')}</label>
          <select
            id="compose-mode"
            className="input"
            value={mode ?? defaults.mode}
            onChange={(event) => changeDraft({ mode: event.target.value === 'go' ? 'go' : 'ask' })}
          >
            <option value="ask">{t('compose:ask')}</option>
            <option value="go">{t('compose:go')}</option>
          </select>
        </div>
      )}
      <div className="field">
        <label htmlFor="compose-cap">{t('compose:cap')}</label>
        <span className="row">
          $
          <input
            id="compose-cap"
            className="input figures"
            inputMode="decimal"
            value={capText}
            aria-invalid={!(Number(capText) > 0)}
            onChange={(event) => changeDraft({ cap: event.target.value })}
          />
        </span>
        {!(Number(capText) > 0) && <small className="problem">{t('compose:capProblem')}</small>}
      </div>
    </div>
  );
}

/** Says a goal: what, where, by whom, and what it may cost. What is typed survives closing and reloading. */
export default function Composer() {
  const draft = useGoalDraft();
  const goal = useGoal();
  const known = useWorld((world) => world.projects[goal?.project ?? '']?.path ?? '') ?? '';
  const path = draft.path === '' ? known : draft.path;
  const defaults = useDefaults(path === '' ? null : path);
  const { found, again } = useInspection(path);
  const [refusal, setRefusal] = useState<Fault | null>(null);
  const [busy, setBusy] = useState(false);
  const cap = Number(draft.cap ?? defaults.capUsd);
  const trusted = found?.ok === true && found.value.trust.trusted;
  const text = draft.who === 'board' && draft.text.trim() === '' ? t('compose:boardName') : draft.text;
  const ready = text.trim() !== '' && trusted && cap > 0 && !busy;

  const start = async () => {
    if (!ready || !found?.ok) return;
    setBusy(true);
    const { who, mode, attachments, template } = draft;
    const stated = await send(
      (client, command) =>
        client.goals.state({
          path: found.value.path,
          text: withTexts(text, attachments),
          images: imagesIn(attachments),
          capUsd: cap,
          mode: mode ?? defaults.mode,
          ...(who === 'crew' && template ? { template } : {}),
          ...(who === 'board' ? { board: true } : who === 'crew' ? {} : { agent: who }),
          command,
        }),
      true,
    );
    setBusy(false);
    if (!stated.ok) {
      setRefusal(stated.error);
      if (stated.error.tag === 'needs-trust') again();
      return;
    }
    clearDraft();
    close();
    showGoal(stated.value.goal);
    goTo('graph');
  };

  return (
    <Dialog
      title={t('compose:title')}
      onClose={close}
      footer={
        <>
          <Button onClick={close}>{t('cancel')}</Button>
          <Button look="primary" disabled={!ready} onClick={() => void start()}>
            {busy ? t('compose:starting') : t('compose:start')} <kbd>Ctrl+Enter</kbd>
          </Button>
        </>
      }
    >
      <div className="field">
        <label htmlFor="compose-text">{t('compose:text')}</label>
        <textarea
          id="compose-text"
          className="input"
          rows={4}
          autoFocus
          placeholder={t('compose:textHint')}
          value={draft.text}
          onChange={(event) => changeDraft({ text: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void start();
          }}
          onPaste={(event) => {
            if (event.clipboardData.files.length > 0) void attach(event.clipboardData.files);
          }}
          onDrop={(event) => {
            if (event.dataTransfer.files.length === 0) return;
            event.preventDefault();
            void attach(event.dataTransfer.files);
          }}
        />
        <Attachments />
      </div>
      <Repository path={path} found={found} again={again} />
      <Choices defaults={defaults} />
      {draft.who === 'crew' && <TemplateChoice />}
      {refusal && <FaultBox fault={refusal} />}
    </Dialog>
  );
}
