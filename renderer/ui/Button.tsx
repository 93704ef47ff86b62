import clsx from 'clsx';
import type { LucideIcon } from 'lucide-react';
import type { ComponentPropsWithRef } from 'react';

type Look = 'normal' | 'primary' | 'danger' | 'bare';

/** A button with words. */
export function Button({
  look = 'normal',
  icon: Icon,
  className,
  children,
  ...rest
}: ComponentPropsWithRef<'button'> & { readonly look?: Look; readonly icon?: LucideIcon | undefined }) {
  return (
    <button type="button" {...rest} className={clsx('button', look !== 'normal' && look, className)}>
      {Icon && <Icon size={14} aria-hidden />}
      {children}
    </button>
  );
}

/** A button with an icon alone; its name is its tooltip and what a screen reader says. */
export function IconButton({
  icon: Icon,
  name,
  hint,
  look = 'bare',
  className,
  ...rest
}: Omit<ComponentPropsWithRef<'button'>, 'name'> & {
  readonly icon: LucideIcon;
  readonly name: string;
  /** Key or reason, after the name. */
  readonly hint?: string | undefined;
  readonly look?: Look;
}) {
  return (
    <button
      type="button"
      aria-label={name}
      data-tip={name}
      data-tip-hint={hint}
      {...rest}
      className={clsx('button icon', look !== 'normal' && look, className)}
    >
      <Icon size={16} aria-hidden />
    </button>
  );
}
