import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronDown, ChevronRight, Folder } from 'lucide-react';
import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react';
import type { ChangedFile } from '#protocol/contract/review.ts';
import { t } from '../../../i18n/index.ts';
import { Line } from '../../../ui/Words.tsx';
import { type FileRow, filterFiles, flatRows, treeRows } from './files.ts';
import { looking, stepFile, useLook } from './look.ts';

const ROW_HEIGHT = 24;
const LETTERS: Readonly<Record<ChangedFile['status'], string>> = {
  added: 'A',
  modified: 'M',
  deleted: 'D',
  renamed: 'R',
  copied: 'C',
  'type-changed': 'T',
};

function toggle(path: string): void {
  useLook.setState(({ closed }) => {
    const next = new Set(closed);
    if (!next.delete(path)) next.add(path);
    return { closed: next };
  });
}

/** Lines added and removed, with their signs. */
export function Counts({ file }: { readonly file: ChangedFile }) {
  if (file.additions === null || file.deletions === null) return <small>{t('inspector:binary')}</small>;
  return (
    <span className="figures change-counts">
      <span data-sign="+">+{file.additions}</span> <span data-sign="-">−{file.deletions}</span>
    </span>
  );
}

function Entry({ row, shown }: { readonly row: FileRow; readonly shown: boolean }) {
  const indent = { paddingLeft: 8 + row.depth * 12 };
  const closed = useLook((look) => row.row === 'folder' && look.closed.has(row.path));
  if (row.row === 'folder') {
    const Arrow = closed ? ChevronRight : ChevronDown;
    return (
      <button
        type="button"
        tabIndex={-1}
        className="change-file"
        style={indent}
        aria-expanded={!closed}
        onClick={() => toggle(row.path)}
      >
        <Arrow size={14} aria-hidden />
        <Folder size={14} aria-hidden />
        <span className="grow line-of-text">
          <Line text={row.name} />
        </span>
        {closed && <small className="figures">{row.files}</small>}
      </button>
    );
  }
  const { file } = row;
  return (
    <button
      type="button"
      tabIndex={-1}
      className="change-file"
      style={indent}
      aria-current={shown ? 'true' : undefined}
      title={file.from === null ? file.path : t('inspector:movedFrom', { from: file.from, to: file.path })}
      onClick={() => useLook.setState({ file: file.path })}
    >
      <span className="change-letter" data-status={file.status} aria-hidden>
        {LETTERS[file.status]}
      </span>
      <span className="unseen">{t(`inspector:fileStatus.${file.status}`)}</span>
      <span className="grow line-of-text">
        <Line text={row.name} most={400} />
      </span>
      <Counts file={file} />
    </button>
  );
}

/** The changed files, as a tree or a list. Only what is in view is laid out. */
export function FileList({ files, file }: { readonly files: readonly ChangedFile[]; readonly file: string | null }) {
  const { flat, filter, closed } = useLook();
  const rows = useMemo(() => {
    const wanted = filterFiles(files, filter);
    return flat ? flatRows(wanted) : treeRows(wanted, filter === '' ? closed : new Set());
  }, [files, filter, flat, closed]);
  const scroller = useRef<HTMLElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
  });
  useEffect(() => {
    looking.rows = rows;
  }, [rows]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when another file is shown, not with every list
  useEffect(() => {
    const place = rows.findIndex((row) => row.row === 'file' && row.file.path === file);
    if (place >= 0) virtual.scrollToIndex(place, { align: 'auto' });
  }, [file]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    stepFile(event.key === 'ArrowDown' ? 1 : -1);
  };
  return (
    <section
      ref={scroller}
      className="change-files"
      aria-label={t('inspector:files')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: one stop for the keyboard, arrows go from file to file
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <ul className="bare" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          if (!row) return null;
          return (
            <li
              key={row.row === 'folder' ? `${row.path}/` : row.file.path}
              className="change-place"
              style={{ transform: `translateY(${start}px)` }}
            >
              <Entry row={row} shown={row.row === 'file' && row.file.path === file} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
