import { create } from 'zustand';
import type { DiffHandle } from '../../../ui/DiffView.tsx';
import { type FileRow, stepFrom } from './files.ts';

/** How the changes are looked at; of the window alone, and for one place at a time. */
export const useLook = create<{
  readonly scope: string;
  readonly file: string | null;
  readonly commit: string | null;
  readonly flat: boolean;
  readonly filter: string;
  readonly closed: ReadonlySet<string>;
}>(() => ({ scope: '', file: null, commit: null, flat: false, filter: '', closed: new Set() }));

/** Looks at another attempt or goal; what was chosen belonged to the former. */
export function enterScope(scope: string, file: string | null): void {
  const now = useLook.getState();
  if (now.scope !== scope) useLook.setState({ scope, file, commit: null, filter: '', closed: new Set() });
  else if (file !== null) useLook.setState({ file, filter: '' });
}

/** What keys act on: the rows that are listed and the diff that is shown. Set by the parts that show them. */
export const looking: { rows: readonly FileRow[]; diff: DiffHandle | null } = { rows: [], diff: null };

/** Goes to the next (1) or previous (-1) listed file. */
export function stepFile(by: 1 | -1): void {
  useLook.setState((now) => ({ file: stepFrom(looking.rows, now.file, by) }));
}
