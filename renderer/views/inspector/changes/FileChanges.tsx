import { Copy, SquareArrowOutUpRight } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useShallow } from 'zustand/shallow';
import type { ChangedFile, Changes } from '#protocol/contract/review.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { t } from '../../../i18n/index.ts';
import { tell } from '../../../store/notices.ts';
import { send } from '../../../store/send.ts';
import { useQuery } from '../../../store/use-query.ts';
import { keepDraft } from '../../../store/view-store.ts';
import { useIsPast, useWorld, worldNow } from '../../../store/world-store.ts';
import { type DiffLine, placeOf } from '../../../text/diff.ts';
import { Button, IconButton } from '../../../ui/Button.tsx';
import { Confirm } from '../../../ui/Confirm.tsx';
import { copyText } from '../../../ui/copy.ts';
import { type DiffHandle, DiffView, type PlaceKey } from '../../../ui/DiffView.tsx';
import { Empty, FaultBox, Skeleton } from '../../../ui/States.tsx';
import { Line } from '../../../ui/Words.tsx';
import { threadsOf } from './comments.ts';
import { Counts } from './FileList.tsx';
import { looking } from './look.ts';
import { Compose, ThreadBox } from './Threads.tsx';

/** What is looked at: an attempt's work, or with null all a goal has merged. */
export interface Scope {
  readonly goal: string;
  readonly attempt: string | null;
}

const keyOf = (line: DiffLine): PlaceKey | null => {
  const place = placeOf(line);
  return place ? `${place.side}:${place.line}` : null;
};

/** The comments on one file, kept current. */
function useThreads(goal: Goal, attempt: string | null, path: string) {
  const conversations = useWorld(
    useShallow((world) => Object.values(world.conversations).filter(({ id }) => id.startsWith(`${goal.id}.`))),
  );
  return useMemo(() => {
    const texts = worldNow()?.texts ?? {};
    const all = threadsOf(
      conversations ?? [],
      ({ body }) => texts[body.id] ?? '',
      goal.attempts[attempt ?? ''] ?? null,
    );
    return all.filter(({ comment }) => comment.path === path);
  }, [conversations, goal, attempt, path]);
}

async function openInEditor(scope: Scope, path: string): Promise<void> {
  const opened = await send((client) => client.review.openInEditor({ ...scope, path }));
  if (opened.ok) tell(t('inspector:editorOpened', { command: opened.value.command }));
}

function Head({ scope, file, there }: { readonly scope: Scope; readonly file: ChangedFile; readonly there: boolean }) {
  return (
    <header className="row change-head">
      <span className="grow line-of-text mono" title={file.path}>
        <Line text={file.path} most={500} />
      </span>
      <Counts file={file} />
      <IconButton icon={Copy} name={t('inspector:copyPath')} onClick={() => copyText(file.path)} />
      {there && file.status !== 'deleted' && (
        <IconButton
          icon={SquareArrowOutUpRight}
          name={t('inspector:openInEditor')}
          onClick={() => void openInEditor(scope, file.path)}
        />
      )}
    </header>
  );
}

/** The diff of one file, to comment on and to take hunks out of. */
export function FileChanges({
  goal,
  scope,
  changes,
  file,
  commit,
  onChanged,
}: {
  readonly goal: Goal;
  readonly scope: Scope;
  readonly changes: Changes;
  readonly file: ChangedFile;
  readonly commit: string | null;
  readonly onChanged: () => void;
}) {
  const past = useIsPast();
  const { path } = file;
  const one = commit === null ? {} : { commit };
  const { answer, again } = useQuery(
    (client) => client.review.fileDiff({ ...scope, path, ...one }),
    `${scope.goal}|${scope.attempt}|${path}|${commit}|${changes.head}`,
  );
  const threads = useThreads(goal, scope.attempt, path);
  const [writing, setWriting] = useState<PlaceKey | null>(null);
  const [rejecting, setRejecting] = useState<string | null>(null);
  const handle = useRef<DiffHandle>(null);
  useEffect(() => {
    looking.diff = {
      toHunk: (step) => handle.current?.toHunk(step),
      comment: () => handle.current?.comment(),
      reject: () => handle.current?.reject(),
    };
    return () => {
      looking.diff = null;
    };
  }, []);
  const marked = useMemo(
    () => new Set([...threads.map(({ comment }) => comment.place), ...(writing === null ? [] : [writing])]),
    [threads, writing],
  );
  const draft = `comment.${scope.goal}.${scope.attempt}.${path}.${writing}`;
  const comment = async (text: string) => {
    const [side, line] = (writing ?? 'new:1').split(':');
    const sent = await send((client, command) =>
      client.review.comment({
        ...scope,
        path,
        line: Number(line),
        side: side === 'old' ? 'old' : 'new',
        text,
        command,
      }),
    );
    if (!sent.ok) return;
    keepDraft(draft, '');
    setWriting(null);
    tell(t('inspector:commented', { name: goal.agents[sent.value.to]?.name ?? sent.value.to }));
  };
  const reject = async (header: string) => {
    const sent = await send((client, command) =>
      client.review.rejectHunk({ ...scope, path, header, head: changes.head, command }),
    );
    if (!sent.ok) return;
    tell(t('inspector:rejected'));
    onChanged();
  };
  const below = (place: PlaceKey) => (
    <div className="column">
      {threads
        .filter((thread) => thread.comment.place === place)
        .map((thread) => (
          <ThreadBox key={thread.message.id} goal={goal} thread={thread} />
        ))}
      {writing === place && (
        <Compose
          draft={draft}
          place={place.split(':')[1] ?? ''}
          onSend={(text) => void comment(text)}
          onClose={() => setWriting(null)}
        />
      )}
    </div>
  );
  const acts = !past && commit === null;
  return (
    <section className="change-one" aria-label={path}>
      <Head scope={scope} file={file} there={changes.workspace !== null} />
      {answer === null && <Skeleton lines={6} />}
      {answer?.ok === false && (
        <FaultBox fault={answer.error}>
          <Button onClick={again}>{t('broken.again')}</Button>
        </FaultBox>
      )}
      {answer?.ok && answer.value.truncated && <p className="change-note">{t('inspector:diff.truncated')}</p>}
      {answer?.ok &&
        (answer.value.binary ? (
          <Empty title={t('inspector:diff.binary')}>{t('inspector:diff.binaryWhy')}</Empty>
        ) : answer.value.diff.includes('\n@@ ') || answer.value.diff.startsWith('@@ ') ? (
          <DiffView
            key={`${path}|${commit}`}
            ref={handle}
            diff={answer.value.diff}
            label={t('inspector:diff.of', { path })}
            marked={marked}
            below={below}
            onComment={acts ? (line) => setWriting(keyOf(line)) : undefined}
            onReject={acts ? setRejecting : undefined}
          />
        ) : (
          <Empty title={t('inspector:diff.noLines')}>{t('inspector:diff.noLinesWhy')}</Empty>
        ))}
      {rejecting !== null && (
        <Confirm
          title={t('inspector:rejectTitle')}
          action={t('inspector:diff.reject')}
          onDo={() => void reject(rejecting)}
          onClose={() => setRejecting(null)}
        >
          <p>{t(scope.attempt === null ? 'inspector:rejectWhatGoal' : 'inspector:rejectWhat')}</p>
          <code className="line-of-text">{rejecting}</code>
        </Confirm>
      )}
    </section>
  );
}
