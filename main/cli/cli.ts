import { usageFault } from './arguments.ts';
import type { Command, CommandContext } from './command.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { printFault } from './io.ts';

interface Listed {
  readonly summary: string;
  load(): Promise<Command>;
}

/** Every command; each is loaded when it is used, so that help costs nothing. */
export const COMMANDS: Readonly<Record<string, Listed>> = {
  run: {
    summary: 'Have agents reach a goal in a repository',
    load: async () => (await import('./commands/run.ts')).runCommand,
  },
  rehearse: {
    summary: 'Try a crew with a scripted model: no key, no cost',
    load: async () => (await import('./commands/rehearse.ts')).rehearseCommand,
  },
  serve: {
    summary: 'Run the orchestrator and serve the control center',
    load: async () => (await import('./commands/serve.ts')).serveCommand,
  },
  open: {
    summary: 'Print a link to the control center',
    load: async () => (await import('./commands/open.ts')).openCommand,
  },
  start: {
    summary: 'Build what is missing, serve, print a link (npm start)',
    load: async () => (await import('./commands/start.ts')).startCommand,
  },
  status: {
    summary: 'Show goals: state, spend, what needs you',
    load: async () => (await import('./commands/status.ts')).statusCommand,
  },
  why: {
    summary: 'Say why something does not move, and what helps',
    load: async () => (await import('./commands/why.ts')).whyCommand,
  },
  brief: {
    summary: 'What was done, decided and spent lately, and what waits for you',
    load: async () => (await import('./commands/brief.ts')).briefCommand,
  },
  fork: {
    summary: 'Run a goal again from one of its moments, with something changed',
    load: async () => (await import('./commands/fork.ts')).forkCommand,
  },
  compare: {
    summary: 'Show two goals side by side',
    load: async () => (await import('./commands/compare.ts')).compareCommand,
  },
  inbox: {
    summary: 'Show what needs you, and answer it',
    load: async () => (await import('./commands/inbox.ts')).inboxCommand,
  },
  plan: {
    summary: 'Show the plan of a goal as a file, or apply an edited one',
    load: async () => (await import('./commands/plan.ts')).planCommand,
  },
  signal: {
    summary: 'Tell a gate that waits for something outside what happened',
    load: async () => (await import('./commands/signal.ts')).signalCommand,
  },
  logs: { summary: 'Show what an agent did', load: async () => (await import('./commands/logs.ts')).logsCommand },
  accept: {
    summary: 'Bring a finished goal into your branch',
    load: async () => (await import('./commands/accept.ts')).acceptCommand,
  },
  stop: { summary: 'Stop a goal, or all', load: async () => (await import('./commands/stop.ts')).stopCommand },
  doctor: {
    summary: 'Look at this machine: what is there, what is missing',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand,
  },
};

const EXIT_TEXT = `Exit codes: 0 done · 1 failed or stuck · 2 bad input · 3 needs trust · 4 needs you · 5 stopped
            6 another orchestrator, or cannot attach · 7 the machine lacks something · 130 interrupted twice`;

/** The text of `aios help`. */
export function overview(): string {
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`);
  return [
    'aios: one person, a crew of coding agents, real repositories',
    '',
    'Usage: aios COMMAND [OPTIONS]',
    '',
    ...lines,
    '',
    '  version   Print the version',
    '  help      Print this, or `aios help COMMAND`',
    '',
    EXIT_TEXT,
    '',
  ].join('\n');
}

async function version(context: CommandContext): Promise<ExitCode> {
  const { VERSION } = await import('#main/compose/version.ts');
  context.io.out(`${VERSION}\n`);
  return EXIT.done;
}

async function help(name: string | undefined, context: CommandContext): Promise<ExitCode> {
  const listed = name === undefined ? undefined : COMMANDS[name];
  if (name !== undefined && !listed) return unknown(name, context);
  context.io.out(listed ? `${(await listed.load()).help}\n` : overview());
  return EXIT.done;
}

function unknown(name: string, context: CommandContext): ExitCode {
  return printFault(
    context.io,
    usageFault(`There is no command "${name}".`, `The commands are: ${Object.keys(COMMANDS).join(', ')}.`),
  );
}

/** Runs one command line; resolves to the code the program ends with. */
export async function runCli(argv: readonly string[], context: CommandContext): Promise<ExitCode> {
  const [name, ...args] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return help(args[0], context);
  if (name === 'version' || name === '--version' || name === '-v') return version(context);
  const listed = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!listed) return unknown(name, context);
  const end = args.indexOf('--');
  const options = end === -1 ? args : args.slice(0, end);
  if (options.includes('--help') || options.includes('-h')) return help(name, context);
  return (await listed.load()).run(args, context);
}
