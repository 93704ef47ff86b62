/** Variables that are AIOS's own, or keys with which somebody else could spend the operator's money. */
const WITHHELD = /^AIOS_|^ELECTRON_RUN_AS_NODE$|(^|_)(API_?KEY|AUTH_TOKEN)$/i;

/** The operator's environment for what they start themselves (shell, editor, git), without AIOS's secrets and model keys. */
export function userEnvironment(outer: NodeJS.ProcessEnv): Record<string, string> {
  const kept = Object.entries(outer).filter(([name, value]) => value !== undefined && !WITHHELD.test(name));
  return Object.fromEntries(kept) as Record<string, string>;
}
