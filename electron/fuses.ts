import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Where Electron keeps its fuses: behind this text in its own binary. */
const SENTINEL = Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX');
const CHUNK = 8 * 1024 * 1024;
const WIRE = 64;

/** The fuses by their place on the wire, and what each must be in a packaged app. Null: either is fine. */
const EXPECTED: ReadonlyArray<readonly [name: string, on: boolean | null]> = [
  ['RunAsNode', false],
  ['EnableCookieEncryption', true],
  ['EnableNodeOptionsEnvironmentVariable', false],
  ['EnableNodeCliInspectArguments', false],
  // Only macOS and Windows check the archive.
  ['EnableEmbeddedAsarIntegrityValidation', process.platform === 'linux' ? null : true],
  ['OnlyLoadAppFromAsar', true],
  ['LoadBrowserProcessSpecificV8Snapshot', false],
  ['GrantFileProtocolExtraPrivileges', false],
  ['WasmTrapHandlers', true],
];

/** The file of this program that carries the fuses. */
export function fusedFile(executable: string, platform: NodeJS.Platform = process.platform): string {
  if (platform !== 'darwin') return executable;
  return join(dirname(executable), '..', 'Frameworks', 'Electron Framework.framework', 'Electron Framework');
}

/** The wire of fuses as text (`1` on, `0` off, `r` removed); null when the file has none. */
export async function readFuses(file: string): Promise<string | null> {
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.alloc(CHUNK + SENTINEL.length + WIRE);
    for (let at = 0; ; at += CHUNK) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
      const found = buffer.subarray(0, bytesRead).indexOf(SENTINEL);
      if (found >= 0 && found < CHUNK) {
        // Behind the text: a version, a length, then one character a fuse.
        const start = found + SENTINEL.length;
        const length = buffer[start + 1] ?? 0;
        return buffer.toString('latin1', start + 2, start + 2 + length);
      }
      if (bytesRead < buffer.length) return null;
    }
  } finally {
    await handle.close();
  }
}

/** Names of fuses that are not as they must be. */
export function wrongFuses(wire: string | null): string[] {
  if (wire === null) return ['all of them: none were found'];
  return EXPECTED.flatMap(([name, on], place) => (on === null || wire[place] === (on ? '1' : '0') ? [] : [name]));
}
