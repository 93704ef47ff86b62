import { describe, expect, it } from 'vitest';
import { inBubblewrap } from '#protocol/agent/containment/bubblewrap.ts';
import { seatbeltProfile } from '#protocol/agent/containment/seatbelt.ts';
import type { SandboxSpec } from '#protocol/agent/containment/spec.ts';

const SPEC: SandboxSpec = {
  kind: 'bubblewrap',
  workspace: '/data/ws "a"',
  home: '/data/home',
  readable: ['/data/hub'],
  login: [],
  hidden: ['/home', '/data'],
  temporary: ['/tmp'],
};

describe('bubblewrap', () => {
  const { command, args } = inBubblewrap(SPEC, { command: 'claude', args: ['-x'] }, '/data/ws "a"');
  const line = args.join(' ');
  it('runs the command last, in its folder, with arguments that no shell reads', () => {
    expect(command).toBe('bwrap');
    expect(args.slice(-5)).toEqual(['--chdir', '/data/ws "a"', '--', 'claude', '-x']);
  });
  it('hides before it lets through, because later mounts win', () => {
    expect(line.indexOf('--ro-bind / /')).toBeLessThan(line.indexOf('--tmpfs /data'));
    expect(line.indexOf('--tmpfs /data')).toBeLessThan(line.indexOf('--ro-bind /data/hub'));
    expect(line.indexOf('--ro-bind /data/hub')).toBeLessThan(line.indexOf('--bind /data/ws'));
  });
  it('takes the whole process namespace along when it dies', () => {
    for (const flag of ['--unshare-pid', '--die-with-parent', '--new-session', '--cap-drop'])
      expect(args).toContain(flag);
  });
});

describe('seatbelt', () => {
  it('denies writing and hidden folders before it allows the run its own', () => {
    expect(seatbeltProfile(SPEC)).toBe(
      [
        '(version 1)',
        '(allow default)',
        '(deny file-write*)',
        '(deny file-read* (subpath "/home") (subpath "/data"))',
        '(allow file-read-metadata (subpath "/home") (subpath "/data"))',
        '(allow file-read* (subpath "/data/hub") (subpath "/data/ws \\"a\\"") (subpath "/data/home"))',
        '(allow file-write* (subpath "/data/ws \\"a\\"") (subpath "/data/home") (subpath "/tmp"))',
        '(allow file-write* (literal "/dev/null") (literal "/dev/tty") (literal "/dev/dtracehelper"))',
      ].join('\n'),
    );
  });
});
