import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nativeTerminals } from '#main/adapters/embedded/terminal/index.ts';
import { systemClock } from '#main/platform/clock.ts';
import { countingIds } from '#main/platform/ids.ts';
import type { TerminalOutput } from '#protocol/contract/review.ts';
import { createRing } from './ring.ts';
import { createTerminals, type Terminals } from './service.ts';
import { shellOf } from './shell.ts';

let folder: string;
let terminals: Terminals;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aios-terminal-'));
  const env = { PATH: '/usr/bin:/bin', SHELL: '/bin/sh', MODEL_API_KEY: 'secret', AIOS_HOME: '/x', KEPT: 'kept' };
  terminals = createTerminals({ opener: nativeTerminals(), newId: countingIds(), after: systemClock().after, env });
});
afterEach(async () => {
  await terminals.closeAll();
  rmSync(folder, { recursive: true, force: true });
});

async function open(): Promise<string> {
  const opened = await terminals.open(folder, 80, 24);
  if (!opened.ok) throw new Error(opened.error.why);
  return opened.value;
}

/** Reads on until a text has come; gives what was read and the last number. */
async function until(
  id: string,
  text: string | null,
  after = 0,
): Promise<{ said: string; sequence: number; end: TerminalOutput | null }> {
  const output = terminals.output(id, after, undefined);
  if (!output.ok) throw new Error(output.error.what);
  let said = '';
  let sequence = after;
  for await (const each of output.value) {
    if (each.kind === 'ended') return { said, sequence, end: each };
    said += each.data;
    sequence = each.sequence;
    if (text !== null && said.includes(text)) break;
  }
  return { said, sequence, end: null };
}

describe.skipIf(process.platform === 'win32')('a terminal', () => {
  it('is the user’s shell in the folder, without model keys, and resumes after a reload', async () => {
    const id = await open();
    terminals.input(id, 'pwd; echo "<$MODEL_API_KEY$AIOS_HOME>" $KEPT-$((20+3))\r');
    const first = await until(id, 'kept-23');
    expect(first.said).toContain(folder);
    expect(first.said).toContain('<> kept-23');
    terminals.input(id, 'echo again-$((40+2)); exit 7\r');
    const second = await until(id, null, first.sequence);
    expect(second.said).toContain('again-42');
    expect(second.said).not.toContain('kept-23');
    expect(second.end).toEqual({ kind: 'ended', exitCode: 7 });
    // Everything from the start is still there for another window.
    expect((await until(id, null)).said).toContain('kept-23');
    expect([terminals.input(id, 'x'), terminals.resize(id, 10, 10)]).toEqual([false, false]);
  });

  it('has the size it was given', async () => {
    const id = await open();
    terminals.resize(id, 101, 33);
    terminals.input(id, 'stty size\r');
    expect((await until(id, '33 101')).said).toContain('33 101');
  });

  it('keeps a megabyte of a flood, and ends though it never stops', async () => {
    const id = await open();
    terminals.input(id, 'yes 0123456789012345678901234567890123456789 | head -c 4000000; echo; echo flood-$((1+1))\r');
    await until(id, 'flood-2');
    const kept = (await until(id, 'flood-2')).said;
    expect(kept.length).toBeLessThanOrEqual(1024 * 1024);
    terminals.input(id, 'yes\r');
    await until(id, 'y\r\ny');
    expect(await terminals.close(id)).toBe(true);
    expect(terminals.output(id, 0, undefined).ok).toBe(false);
  });

  it('is one of eight at most', async () => {
    for (let number = 0; number < 8; number += 1) await open();
    const ninth = await terminals.open(folder, 80, 24);
    expect(ninth.ok ? 'open' : ninth.error.tag).toBe('too-many-terminals');
  });
});

describe('what a terminal printed', () => {
  it('is numbered, and the oldest goes first', () => {
    const ring = createRing(10);
    for (const piece of ['aaaa', 'bbbb', 'cccc']) ring.add(piece);
    expect(ring.after(0)).toEqual({ sequence: 3, data: 'bbbbcccc' });
    expect(ring.after(2)).toEqual({ sequence: 3, data: 'cccc' });
    expect(ring.after(3)).toBeNull();
    ring.add('d'.repeat(20));
    expect(ring.after(0)?.data).toBe('d'.repeat(10));
  });

  it('comes from the shell that is named by a full path', () => {
    expect(shellOf({ SHELL: '/bin/zsh' }, 'linux')).toEqual({ program: '/bin/zsh', args: [] });
    expect(shellOf({ SHELL: 'evil' }, 'linux').program).toBe('/bin/sh');
    expect(shellOf({}, 'win32').program).toBe('powershell.exe');
  });
});
