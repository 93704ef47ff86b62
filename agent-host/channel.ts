import { type FromHost, fromHost } from '#protocol/agent/channel.ts';

/**
 * The host's line to its owner. Node IPC here; the desktop shell's utility process has a second implementation with
 * the same four calls.
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
