import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Whether a version such as `24.21.0` is one AIOS runs on: 24.10 or newer. */
export function isRightNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 10);
}

/** What to do when there is no Node 24 and none can be installed with the other packages. */
export function missingNodeMessage(platform, arch, version) {
  const how =
    platform === 'darwin'
      ? 'Install Node 24 (for example `brew install node@24`, or from nodejs.org)'
      : 'Install Node 24 from nodejs.org';
  return `aios: AIOS needs Node 24.10 or newer. This is Node ${version}, and no Node 24 for ${platform}-${arch} comes with its packages. ${how}, then run the same command again.`;
}

/** The Node to run under: this one if it is right, else the one that was installed with the packages; null when there is none. */
export function findNode(
  root,
  { version = process.versions.node, platform = process.platform, arch = process.arch, self = process.execPath } = {},
) {
  if (isRightNode(version)) return self;
  const name = `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
  const path = join(root, 'node_modules', name, 'bin', platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(path) ? path : null;
}

/** npm's own program beside the Node that runs this, so that no shell is needed; null when it is elsewhere. */
export function findNpm(self = process.execPath) {
  const candidates = [
    process.env.npm_execpath,
    join(dirname(self), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(dirname(self), 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  const found = candidates.find((path) => path?.endsWith('npm-cli.js') && existsSync(path));
  if (found !== undefined) return found;
  try {
    return createRequire(import.meta.url).resolve('npm/bin/npm-cli.js');
  } catch {
    return null;
  }
}
