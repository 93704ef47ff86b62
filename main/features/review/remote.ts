/** Where a repository lies on the web, told from a remote's address. Holds no credentials. */
export interface WebRemote {
  readonly host: string;
  /** `owner/name`, or deeper. */
  readonly path: string;
  /** `https://host/owner/name`. */
  readonly url: string;
}

/** Reads a remote's address; null for one that is no web host's (a path, an unknown scheme). */
export function webRemoteOf(address: string): WebRemote | null {
  const short = /^(?:[^@/\s]+@)?([A-Za-z0-9.-]+):(?!\/\/)([^\s]+)$/.exec(address);
  if (short && !/^[A-Za-z]$/.test(short[1] ?? '')) return made(short[1] ?? '', short[2] ?? '');
  if (!/^(https?|ssh|git\+ssh):\/\//.test(address) || !URL.canParse(address)) return null;
  const url = new URL(address);
  // The port of ssh is not the port of the pages.
  return made(url.protocol.startsWith('http') ? url.host : url.hostname, url.pathname);
}

function made(host: string, rawPath: string): WebRemote | null {
  const path = rawPath.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
  if (host === '' || !/^[\w.~-]+(\/[\w.~-]+)+$/.test(path) || path.split('/').includes('..')) return null;
  return { host: host.toLowerCase(), path, url: `https://${host.toLowerCase()}/${path}` };
}

/** True for github.com and for GitHub's own servers under a name that says so. */
export function isGitHub({ host }: WebRemote): boolean {
  return host === 'github.com' || host.startsWith('github.');
}

const inPath = (branch: string) => branch.split('/').map(encodeURIComponent).join('/');

/** The page on which a branch is offered for another, where the host is one whose pages are known; else null. */
export function compareUrl(remote: WebRemote, target: string, branch: string): string | null {
  const { host, url } = remote;
  if (isGitHub(remote)) return `${url}/compare/${inPath(target)}...${inPath(branch)}?expand=1`;
  if (host === 'gitlab.com' || host.startsWith('gitlab.')) {
    const query = new URLSearchParams({
      'merge_request[source_branch]': branch,
      'merge_request[target_branch]': target,
    });
    return `${url}/-/merge_requests/new?${query.toString()}`;
  }
  if (host === 'bitbucket.org')
    return `${url}/pull-requests/new?${new URLSearchParams({ source: branch, dest: target }).toString()}`;
  if (host === 'codeberg.org' || /^(gitea|forgejo)\./.test(host))
    return `${url}/compare/${inPath(target)}...${inPath(branch)}`;
  return null;
}

/** A text without the credentials that an address in it may carry. */
export function withoutCredentials(text: string): string {
  return text.replaceAll(/([a-z][a-z0-9+.-]*:\/\/)[^/\s@]+@/gi, '$1');
}
