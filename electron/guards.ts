import { app, type Session, session, type WebContents } from 'electron';
import { isOurs } from './app-scheme.ts';

/** What the page may ask of the system; everything else is denied, on every session. */
const ALLOWED: ReadonlySet<string> = new Set(['clipboard-sanitized-write', 'notifications']);

function denyPermissions(target: Session): void {
  const allowed = (permission: string, origin: string) => ALLOWED.has(permission) && isOurs(origin);
  target.setPermissionRequestHandler((_, permission, grant, { requestingUrl }) =>
    grant(allowed(permission, requestingUrl)),
  );
  target.setPermissionCheckHandler((_, permission, origin) => allowed(permission, origin));
  target.setDevicePermissionHandler(() => false);
}

function keepInside(contents: WebContents, openExternal: (url: string) => Promise<boolean>): void {
  const refuse = (event: { readonly url: string; preventDefault(): void }) => {
    if (!isOurs(event.url)) event.preventDefault();
  };
  contents.on('will-navigate', refuse);
  contents.on('will-frame-navigate', refuse);
  contents.on('will-redirect', refuse);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    // The second way out goes through the same gate as the first.
    void openExternal(url);
    return { action: 'deny' };
  });
}

/** Holds every page and session to our own files, from the moment it exists. */
export function guardEverything(openExternal: (url: string) => Promise<boolean>): void {
  app.on('session-created', denyPermissions);
  app.on('web-contents-created', (_, contents) => keepInside(contents, openExternal));
}

/** The default session exists before anybody can listen for it. */
export function guardDefaultSession(): void {
  denyPermissions(session.defaultSession);
}
