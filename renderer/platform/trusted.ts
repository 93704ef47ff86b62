/** What the page's policy lets us turn into a script address: files of our own, nothing else. */
interface ScriptPolicy {
  createScriptURL(url: string): string;
}

interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptPolicy;
}

function ownScript(url: string): string {
  const { origin } = new URL(url, location.href);
  if (origin !== location.origin) throw new Error(`a script of ${origin} is not ours`);
  return url;
}

const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
// The name is the one that the server's Content-Security-Policy allows.
const policy = factory?.createPolicy('aios', { createScriptURL: ownScript });

/** Starts a worker from a file of ours; `url` comes from `import url from './x.worker.ts?worker&url'`. */
export function startWorker(url: string): Worker {
  const script = policy ? policy.createScriptURL(url) : ownScript(url);
  return new Worker(script, { type: 'module' });
}
