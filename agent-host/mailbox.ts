/** Keeps what was posted until somebody listens, then passes it on at once. One listener. */
export interface Mailbox<T> {
  post(item: T): void;
  listen(listener: (item: T) => void): void;
}

/** An empty mailbox. */
export function mailbox<T>(): Mailbox<T> {
  const waiting: T[] = [];
  let listener: ((item: T) => void) | undefined;
  return {
    post(item) {
      if (listener) listener(item);
      else waiting.push(item);
    },
    listen(next) {
      listener = next;
      for (const item of waiting.splice(0)) next(item);
    },
  };
}
