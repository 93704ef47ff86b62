import type { ReactNode } from 'react';
import type { Fault } from '#protocol/model/fault.ts';
import { plain } from '../text/plain.ts';

/** Nothing here yet: what would be here, and how to get it. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** What went wrong, why, and what to do. The tag is there to copy. */
export function FaultBox({ fault, children }: { readonly fault: Fault; readonly children?: ReactNode }) {
  return (
    <div className="fault" role="alert">
      <strong>{plain(fault.what)}</strong>
      <span>{plain(fault.why)}</span>
      <span>{plain(fault.next)}</span>
      <small>
        <code>{fault.tag}</code>
      </small>
      {children}
    </div>
  );
}

/** The place of lines that are being fetched. */
export function Skeleton({ lines = 3 }: { readonly lines?: number }) {
  return (
    <div aria-hidden>
      {Array.from({ length: lines }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are alike and never move
        <div className="skeleton" key={index} />
      ))}
    </div>
  );
}
