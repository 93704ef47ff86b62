/** A stored version of an object. */
export interface ObjectVersion {
  readonly key: string;
  /** sha256 of the content, hex. */
  readonly hash: string;
  readonly bytes: number;
  readonly at: number;
}

/** Artifacts, workspaces and transcripts by name. Keys are any text of 1 to 1,024 bytes; they never become paths. */
export interface ObjectStore {
  /** Stores a new version; visible only when complete. Rejects keys that are empty or too long. */
  put(key: string, content: Uint8Array): Promise<ObjectVersion>;
  /** Newest version, or the one with this hash. Verified against its hash; undefined when there is none. */
  get(
    key: string,
    hash?: string,
  ): Promise<{ readonly content: Uint8Array; readonly version: ObjectVersion } | undefined>;
  /** Versions, oldest first. */
  versions(key: string): Promise<readonly ObjectVersion[]>;
  /** Newest version of every key with this prefix. */
  list(prefix: string): Promise<readonly ObjectVersion[]>;
}
