import { type FromHost, fromHost } from '#protocol/agent/channel.ts';

/**
 * The host's line to its owner: Node's IPC, or the port of a utility process in the desktop.
 */
export interface HostChannel {
  /** Resolves when the message was handed over, or when there is nobody left to hand it to. */
  send(message: FromHost): Promise<void>;
  /** Raw, because only the host decides what a valid message is. */
  onMessage(listener: (raw: unknown) => void): void;
  /** The owner is gone. */
  onClosed(listener: () => void): void;
}

/** The part of `process` that {@link ipcChannel} uses, so that a test can bring its own. */
export type IpcProcess = Pick<NodeJS.Process, 'send' | 'on' | 'connected'>;

/** The channel over Node's IPC, for hosts started with `fork`. */
export function ipcChannel(ipc: IpcProcess): HostChannel {
  return {
    send(message) {
      const checked = fromHost.parse(message);
      return new Promise((resolve) => {
        if (!ipc.send || !ipc.connected) return resolve();
        // The owner may vanish between the check and the write: that is `onClosed`'s business, not an error here.
        ipc.send(checked, undefined, {}, () => resolve());
      });
    },
    onMessage(listener) {
      ipc.on('message', listener);
    },
    onClosed(listener) {
      ipc.on('disconnect', listener);
    },
  };
}

/** The line of a utility process to the shell that started it. */
export interface ParentPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  postMessage(message: unknown): void;
}

/** The channel of hosts that the desktop shell started. */
export function portChannel(port: ParentPort): HostChannel {
  return {
    send: async (message) => port.postMessage(fromHost.parse(message)),
    onMessage: (listener) => void port.on('message', ({ data }) => listener(data)),
    // Such a process is ended with its owner by the system.
    onClosed: () => undefined,
  };
}
