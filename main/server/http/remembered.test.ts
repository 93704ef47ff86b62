import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAccess, type KeptSession } from './access.ts';
import { readRemembered, rememberIn } from './remembered.ts';

const PORT = 4_321;
const DAY_MS = 24 * 60 * 60_000;

function requestWith(session: string): IncomingMessage {
  return { headers: { cookie: `aios_session_${PORT}=${session}` }, socket: { localPort: PORT } } as IncomingMessage;
}

describe('a session over a restart', () => {
  let home = '';
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'aios-sessions-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('holds, is kept as a digest only, and ends after thirty days', async () => {
    let kept: readonly KeptSession[] = [];
    const first = createAccess(
      () => 1_000,
      [],
      (sessions) => {
        kept = sessions;
      },
    );
    const session = first.redeem(first.newCode()) ?? '';
    await rememberIn(home)({ port: PORT, sessions: kept.map(([digest, at]) => [digest, at]) });
    expect(await readFile(join(home, 'sessions.json'), 'utf8')).not.toContain(session);
    const read = readRemembered(home);
    expect(read.port).toBe(PORT);
    expect(createAccess(() => 2_000, read.sessions).callerOf(requestWith(session), true)).toBe('session');
    expect(createAccess(() => 2_000, read.sessions).callerOf(requestWith(session), false)).toBeNull();
    expect(createAccess(() => 31 * DAY_MS, read.sessions).callerOf(requestWith(session), true)).toBeNull();
    expect(createAccess(() => 2_000).callerOf(requestWith(session), true)).toBeNull();
  });

  it('leaves the port when the sessions are deleted', async () => {
    await rememberIn(home)({ port: PORT, sessions: [['digest', 1_000]] });
    await rm(join(home, 'sessions.json'));
    expect(readRemembered(home)).toEqual({ port: PORT, sessions: [] });
  });

  it('reads the port where earlier versions kept it', async () => {
    await writeFile(join(home, 'sessions.json'), JSON.stringify({ port: PORT, sessions: [['digest', 1_000]] }));
    expect(readRemembered(home)).toEqual({ port: PORT, sessions: [['digest', 1_000]] });
  });

  it('is nothing when the file is not ours', async () => {
    await writeFile(join(home, 'sessions.json'), '{"port":-1}');
    expect(readRemembered(home)).toEqual({ port: 0, sessions: [] });
    await writeFile(join(home, 'sessions.json'), 'no json');
    expect(readRemembered(home)).toEqual({ port: 0, sessions: [] });
  });
});
