import { type IpcMainInvokeEvent, ipcMain } from 'electron';
import { z } from 'zod';
import { isOurs } from './app-scheme.ts';

/** What the page may ask of the shell: a name, what it sends, and the right it needs. */
const REGISTRY = {
  'aios:port': { input: z.tuple([z.uuid()]), right: 'orchestrate' },
  'aios:open-external': { input: z.tuple([z.string().min(1).max(2_048)]), right: 'leave' },
} as const;

/** Names of the registry. */
export type Method = keyof typeof REGISTRY;
type Input<M extends Method> = z.infer<(typeof REGISTRY)[M]['input']>;
/** See {@link REGISTRY}. */
export type Right = (typeof REGISTRY)[Method]['right'];

/** What answers each method. */
export type Handlers = {
  readonly [M in Method]: (event: IpcMainInvokeEvent, ...input: Input<M>) => unknown;
};

/** The page of a window of ours, and its outermost frame: the only sender there is. */
export function isTrustedSender(event: IpcMainInvokeEvent, known: ReadonlySet<number>): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && isOurs(frame.url) && known.has(event.sender.id);
}

/** Rights of a page by the id of its contents; a page that is not known has none. */
export type Rights = (contents: number) => ReadonlySet<Right>;

function serve<M extends Method>(method: M, handler: Handlers[M], rights: Rights, known: ReadonlySet<number>): void {
  const { input, right } = REGISTRY[method];
  ipcMain.handle(method, (event, ...raw: unknown[]) => {
    if (!isTrustedSender(event, known)) throw new Error('This page may not ask.');
    if (!rights(event.sender.id).has(right)) throw new Error('This page has no right to that.');
    const parsed = input.safeParse(raw);
    if (!parsed.success) throw new Error('This is not what is asked here.');
    return handler(event, ...(parsed.data as Input<M>));
  });
}

/** Answers the methods of the registry, to pages of `known` windows only. */
export function serveIpc(handlers: Handlers, rights: Rights, known: ReadonlySet<number>): void {
  serve('aios:port', handlers['aios:port'], rights, known);
  serve('aios:open-external', handlers['aios:open-external'], rights, known);
}
