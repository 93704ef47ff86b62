import { FolderTree, List, RefreshCw, SquareArrowOutUpRight, SquareTerminal } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { ChangedFile, Changes } from '#protocol/contract/review.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { t } from '../../../i18n/index.ts';
import { tell } from '../../../store/notices.ts';
import { send } from '../../../store/send.ts';
import { useQuery } from '../../../store/use-query.ts';
import { useIsPast, useWorld } from '../../../store/world-store.ts';
import { plainLine } from '../../../text/plain.ts';
import { Button, IconButton } from '../../../ui/Button.tsx';
import { Select } from '../../../ui/Select.tsx';
import { Empty, FaultBox, Skeleton } from '../../../ui/States.tsx';
import { FileChanges, type Scope } from './FileChanges.tsx';
import { FileList } from './FileList.tsx';
import { firstOfTree, isWork } from './files.ts';
import { enterScope, useLook } from './look.ts';
import { Apps, RunAppButton } from './RunApp.tsx';
import './changes.css';

/** Most files one list asks for; the rest is counted. */
const MOST_FILES = 5_000;
/** How often work that is under way is looked at again. */
const EVERY_MS = 5_000;
const WHOLE = '';

/** Changes whenever the work may have: its state, and while it runs every few seconds of progress. */
function useWorkVersion(goal: Goal, attempt: string | null): string {
  const progress = useWorld((world) => {
    const live = attempt === null ? undefined : world.live.find((each) => each.attempt === attempt);
    return live ? Math.floor(live.progressAt / EVERY_MS) : 0;
  });
  const record = goal.attempts[attempt ?? ''];
  if (record) return `${record.changedAt} ${record.status} ${progress}`;
  // Each merge moves the goal's branch, and so does a hunk taken out of it.
  const merged = Object.values(goal.attempts).filter(({ mergeCommit }) => mergeCommit !== null).length;
  return `${goal.tip} ${merged} ${goal.status}`;
}

async function openFolder(scope: Scope): Promise<void> {
  const opened = await send((client) => client.review.openInEditor(scope));
  if (opened.ok) tell(t('inspector:editorOpened', { command: opened.value.command }));
}

function Tools({
  scope,
  changes,
  onAgain,
  onTerminal,
  onStarted,
}: {
  readonly scope: Scope;
  readonly changes: Changes;
  readonly onAgain: () => void;
  readonly onTerminal: (() => void) | undefined;
  readonly onStarted: () => void;
}) {
  const { flat, filter, commit } = useLook();
  const past = useIsPast();
  return (
    <div className="change-tools">
      <input
        className="input change-filter"
        type="search"
        aria-label={t('inspector:filterFiles')}
        placeholder={t('inspector:filterFiles')}
        value={filter}
        onChange={(event) => useLook.setState({ filter: event.target.value })}
      />
      {changes.commits.length > 0 && (
        <Select
          label={t('inspector:commit')}
          value={commit ?? WHOLE}
          options={[
            { key: WHOLE, name: t('inspector:allCommits', { count: changes.commits.length }) },
            ...changes.commits.map(({ id, subject }) => ({
              key: id,
              name: `${id.slice(0, 8)} ${plainLine(subject, 60)}`,
            })),
          ]}
          onChoose={(chosen) => useLook.setState({ commit: chosen === WHOLE ? null : chosen })}
        />
      )}
      <IconButton
        icon={flat ? FolderTree : List}
        name={flat ? t('inspector:asTree') : t('inspector:asList')}
        onClick={() => useLook.setState({ flat: !flat })}
      />
      <IconButton icon={RefreshCw} name={t('inspector:lookAgain')} onClick={onAgain} />
      {changes.workspace !== null && !past && (
        <IconButton
          icon={SquareArrowOutUpRight}
          name={t('inspector:openFolder')}
          onClick={() => void openFolder(scope)}
        />
      )}
      {onTerminal && changes.workspace !== null && !past && (
        <IconButton icon={SquareTerminal} name={t('inspector:openTerminal')} onClick={onTerminal} />
      )}
      {!past && <RunAppButton scope={scope} onStarted={onStarted} />}
    </div>
  );
}

function shownFile(files: readonly ChangedFile[], wanted: string | null): ChangedFile | null {
  return files.find(({ path }) => path === wanted) ?? firstOfTree(files.filter(isWork)) ?? firstOfTree(files);
}

/** What an attempt, or with null the whole goal, changes: files, commits, the diff of one file. */
export function ChangesPane({
  goal,
  attempt,
  openAt = null,
  onTerminal,
}: {
  readonly goal: Goal;
  readonly attempt: string | null;
  /** A file to begin with. */
  readonly openAt?: string | null;
  readonly onTerminal?: (() => void) | undefined;
}) {
  const scope: Scope = { goal: goal.id, attempt };
  const key = `${goal.id}|${attempt}`;
  const version = useWorkVersion(goal, attempt);
  const commit = useLook((look) => (look.scope === key ? look.commit : null));
  const wanted = useLook((look) => (look.scope === key ? look.file : null));
  const [apps, setApps] = useState(0);
  useEffect(() => enterScope(key, openAt), [key, openAt]);
  const { answer, again } = useQuery(
    (client) => client.review.changes({ ...scope, limit: MOST_FILES, ...(commit === null ? {} : { commit }) }),
    `${key}|${commit}|${version}`,
  );
  const files = answer?.ok ? answer.value.files : null;
  // There may be thousands: looked through once for each list, not at every event.
  const file = useMemo(() => (files === null ? null : shownFile(files, wanted)), [files, wanted]);
  if (answer === null) return <Skeleton lines={8} />;
  if (!answer.ok)
    return (
      <FaultBox fault={answer.error}>
        <Button onClick={again}>{t('broken.again')}</Button>
      </FaultBox>
    );
  const changes = answer.value;
  const more = changes.total - changes.files.length;
  return (
    <div className="changes">
      <Tools
        scope={scope}
        changes={changes}
        onAgain={again}
        onTerminal={onTerminal}
        onStarted={() => setApps((round) => round + 1)}
      />
      <Apps scope={scope} round={apps} />
      {changes.uncommitted && <p className="change-note">{t('inspector:uncommitted')}</p>}
      {more > 0 && (
        <p className="change-note">{t('inspector:moreFiles', { shown: changes.files.length, total: changes.total })}</p>
      )}
      {file === null ? (
        <Empty title={t('inspector:noChanges')}>{t('inspector:noChangesWhy')}</Empty>
      ) : (
        <div className="change-panes">
          <FileList files={changes.files} file={file.path} />
          <FileChanges
            key={`${key}|${file.path}`}
            goal={goal}
            scope={scope}
            changes={changes}
            file={file}
            commit={commit}
            onChanged={again}
          />
        </div>
      )}
    </div>
  );
}
