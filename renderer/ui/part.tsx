import { type ComponentType, lazy, type ReactNode, useState } from 'react';

type Body<Props> = (props: Props) => ReactNode;

/** A part of the page could not be fetched: the server is away, or has another version of the page by now. */
export class PartMissing extends Error {
  override readonly name = 'PartMissing';
}

interface Loader {
  /** Fetches the part unless that was begun. */
  load(): Promise<unknown>;
  /** Fetches it anew at the next `load`, if it failed. */
  retry(): void;
}

const loaders: Loader[] = [];

/**
 * A component in a file of its own, fetched when it is first shown; its place is held by the nearest `Suspense`. Unlike
 * what `lazy` of React alone makes, it is drawn at once where it was fetched before, and can be fetched again when that
 * failed: see {@link loadParts} and {@link retryParts}.
 */
export function part<Props extends object>(fetchPart: () => Promise<Body<Props>>): Body<Props> {
  let loading: Promise<{ default: ComponentType<Props> }> | undefined;
  let failed = false;
  const load = () => {
    loading ??= fetchPart().then(
      (found) => {
        shown = found;
        return { default: found };
      },
      (cause: unknown) => {
        failed = true;
        throw new PartMissing('a part of the page could not be fetched', { cause });
      },
    );
    return loading;
  };
  let shown: ComponentType<Props> = lazy(load);
  const retry = () => {
    if (!failed) return;
    failed = false;
    loading = undefined;
    shown = lazy(load);
  };
  loaders.push({ load, retry });
  return function Part(props: Props) {
    // Kept while it is mounted: another component in its place would lose what was typed there.
    const [Shown] = useState(() => shown);
    return <Shown {...props} />;
  };
}

/** What failed to load is fetched again when it is next shown. */
export function retryParts(): void {
  for (const loader of loaders) loader.retry();
}

/** Fetches every part that is not there yet, one after the other: one that is opened while the server is away is there. */
export async function loadParts(): Promise<void> {
  for (const loader of loaders) await loader.load().catch(() => undefined);
}
