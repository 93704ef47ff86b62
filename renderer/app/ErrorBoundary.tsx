import { Component, type ReactNode } from 'react';
import type { Fault } from '#protocol/model/fault.ts';
import { t } from '../i18n/index.ts';
import { type Link, onWorldChange } from '../store/world-store.ts';
import { Button } from '../ui/Button.tsx';
import { PartMissing, retryParts } from '../ui/part.tsx';
import { FaultBox } from '../ui/States.tsx';

/** What a person is told of an error. */
function faultOf(error: Error, name: string): Fault {
  const what = t('broken.what', { name });
  return error instanceof PartMissing
    ? { tag: 'part-missing', what, why: t('broken.missing'), next: t('broken.missingNext') }
    : { tag: 'view-failed', what, why: error.message, next: t('broken.next') };
}

/**
 * Keeps the rest of the window alive when one part of it throws. `name` is what broke, for people. What could not be
 * fetched is tried again when the orchestrator answers.
 */
export class ErrorBoundary extends Component<
  { readonly name: string; readonly children: ReactNode },
  { readonly error: Error | null }
> {
  override state: { readonly error: Error | null } = { error: null };
  private stop: (() => void) | undefined;

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidMount() {
    let before: Link['state'] | undefined;
    this.stop = onWorldChange((_, link) => {
      const back = link.state === 'online' && before !== 'online';
      before = link.state;
      if (back && this.state.error instanceof PartMissing) this.again();
    });
  }

  override componentWillUnmount() {
    this.stop?.();
  }

  private again() {
    retryParts();
    this.setState({ error: null });
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <FaultBox fault={faultOf(error, this.props.name)}>
        <Button onClick={() => this.again()}>{t('broken.again')}</Button>
      </FaultBox>
    );
  }
}
