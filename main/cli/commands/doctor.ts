import { parseArgs } from 'node:util';
import { runDoctor } from '#main/features/doctor/index.ts';
import { parseSafely } from '../arguments.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { printFault, printJson } from '../io.ts';
import { readSettings } from '../settings.ts';

const SHAPES = { ok: '✓', warning: '!', missing: '–', broken: '✕' } as const;

/** `aios doctor`: looks by itself, so that it works when nothing else does. */
export const doctorCommand: Command = {
  help: `Usage: aios doctor [--json]

Looks at this machine: what AIOS needs, what it can use, and what to do about what is missing. Ends with 7
when something it needs is broken.`,
  async run(args, context) {
    const parsed = parseSafely(() => parseArgs({ args, options: { json: { type: 'boolean' } }, strict: true }));
    if (!parsed.ok) return printFault(context.io, parsed.error);
    const { io, home } = context;
    const settings = await readSettings(home);
    const findings = await runDoctor({
      home,
      env: io.env,
      keyInSettings: settings.ok && settings.value.apiKey !== undefined,
      port: settings.ok ? (settings.value.port ?? 0) : 0,
    });
    if (!settings.ok)
      findings.push({
        name: 'Settings',
        state: 'broken',
        detail: `${settings.error.what} ${settings.error.why}`,
        next: settings.error.next,
      });
    const exitCode = findings.some((finding) => finding.state === 'broken') ? EXIT.environment : EXIT.done;
    if (parsed.value.values.json === true) printJson(io, { type: 'result', exitCode, findings });
    else
      for (const { name, state, detail, next } of findings)
        io.out(`${SHAPES[state]} ${name.padEnd(22)}${detail}${next === '' ? '' : `\n  ${' '.repeat(22)}${next}`}\n`);
    return exitCode;
  },
};
