import { GOAL_IMAGES } from '#protocol/contract/limits.ts';
import { t } from '../../i18n/index.ts';
import { tellFault } from '../../store/notices.ts';
import { type Attachment, changeDraft, useGoalDraft } from './draft.ts';
import { shrunkImage } from './shrink.ts';

/** Largest attached text, bytes: a goal is a sentence with material, not a repository. */
const MOST_BYTES = 40_000;

function refuse(what: string, why: string): void {
  tellFault({ tag: 'bad-attachment', what, why, next: '' });
}

async function read(file: File): Promise<Attachment | null> {
  const { name } = file;
  if (file.type.startsWith('image/') && file.type !== 'image/svg+xml') {
    const image = await shrunkImage(file);
    if (image === null) refuse(t('compose:badImage', { name }), file.type);
    return image === null ? null : { name, image };
  }
  const text = file.size <= MOST_BYTES ? await file.text() : '\0';
  if (!text.includes('\0')) return { name, text };
  refuse(t('compose:attachTooBig', { name }), file.type);
  return null;
}

/** Adds files to the draft: texts, and pictures made small enough for a model. What is neither is refused with the reason. */
export async function attach(files: Iterable<File>): Promise<void> {
  // A file field's list is emptied when the field is, which is before the first file is read.
  for (const file of Array.from(files)) {
    const added = await read(file);
    if (!added) continue;
    const { attachments } = useGoalDraft.getState();
    const others = attachments.filter((each) => each.name !== added.name);
    if ('image' in added && others.filter((each) => 'image' in each).length >= GOAL_IMAGES)
      refuse(t('compose:tooManyImages', { name: added.name, count: GOAL_IMAGES }), '');
    else changeDraft({ attachments: [...others, added] });
  }
}

/** The goal as it is stated: what was said, then each attached text under its name. */
export function withTexts(text: string, attachments: readonly Attachment[]): string {
  const parts = attachments.flatMap((each) => ('text' in each ? [`\n\n--- ${each.name} ---\n${each.text}`] : []));
  return `${text.trim()}${parts.join('')}`;
}

/** The attached pictures, as a goal takes them. */
export function imagesIn(attachments: readonly Attachment[]): { name: string; content: string }[] {
  return attachments.flatMap((each) => ('image' in each ? [{ name: each.name, content: each.image }] : []));
}
