/** What a contained process may touch. All paths absolute. */
export interface SandboxSpec {
  readonly kind: 'bubblewrap' | 'seatbelt' | 'none';
  /** Read and write. */
  readonly workspace: string;
  readonly home: string;
  /** Read only, on top of the system. */
  readonly readable: readonly string[];
  /** Read and write inside a hidden folder: the user's own login, for runs that use it. */
  readonly login: readonly string[];
  /** Folders that look empty inside: homes, the data folder, sockets. */
  readonly hidden: readonly string[];
  /** Private and empty at each start. */
  readonly temporary: readonly string[];
}

/** A program with its arguments, as `spawn` takes them. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
}
