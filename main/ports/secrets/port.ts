/**
 * Keeps the operator's secrets. What is written survives a restart unless `kept` says otherwise; what is removed is gone.
 * Values never appear in errors, logs or events. Rejects when the store cannot be used.
 */
export interface SecretStore {
  /** Where they are kept, for people: `the system's keychain`. */
  readonly kept: string;
  /** Undefined when there is none of that name. */
  read(name: string): Promise<string | undefined>;
  write(name: string, value: string): Promise<void>;
  remove(name: string): Promise<void>;
}
