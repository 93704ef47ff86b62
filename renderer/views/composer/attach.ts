import { t } from '../../i18n/index.ts';
import { tellFault } from '../../store/notices.ts';
import { changeDraft, useGoalDraft } from './draft.ts';

/** Largest attached text, bytes: a goal is a sentence with material, not a repository. */
const MOST_BYTES = 40_000;

/** Adds the text of files to the draft; what is not text or too long is refused with the reason. */
export async function attach(files: Iterable<File>): Promise<void> {
  for (const file of files) {
    const text = file.size <= MOST_BYTES ? await file.text() : '\0';
    if (text.includes('\0')) {
      tellFault({
        tag: 'bad-attachment',
        what: t('compose:attachTooBig', { name: file.name }),
        why: file.type,
        next: '',
      });
      continue;
    }
    const { attachments } = useGoalDraft.getState();
    const others = attachments.filter((each) => each.name !== file.name);
    changeDraft({ attachments: [...others, { name: file.name, text }] });
  }
}

/** The goal as it is stated: what was said, then each attachment under its name. */
export function withAttachments(text: string, attachments: readonly { name: string; text: string }[]): string {
  const parts = attachments.map((each) => `\n\n--- ${each.name} ---\n${each.text}`);
  return `${text.trim()}${parts.join('')}`;
}
