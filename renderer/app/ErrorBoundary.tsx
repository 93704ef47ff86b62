import { Component, type ReactNode } from 'react';
import type { Fault } from '#protocol/model/fault.ts';
import { t } from '../i18n/index.ts';
import { Button } from '../ui/Button.tsx';
import { FaultBox } from '../ui/States.tsx';

/** Keeps the rest of the window alive when one part of it throws. `name` is what broke, for people. */
export class ErrorBoundary extends Component<
  { readonly name: string; readonly children: ReactNode },
  { readonly error: Error | null }
> {
  override state: { readonly error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    const fault: Fault = {
      tag: 'view-failed',
      what: t('broken.what', { name: this.props.name }),
      why: error.message,
      next: t('broken.next'),
    };
    return (
      <FaultBox fault={fault}>
        <Button onClick={() => this.setState({ error: null })}>{t('broken.again')}</Button>
      </FaultBox>
    );
  }
}
