const GIT_READERS = new Set(['status', 'diff', 'log', 'show']);
/** git takes abbreviated options: these are the shortest forms that write a file, run a program or leave the repository. */
const GIT_REFUSED = ['--ou', '--ext', '--textc', '--no-i', '-O'];

function gitReads(args: readonly string[]): boolean {
  const [reader, ...rest] = args;
  if (reader === undefined || !GIT_READERS.has(reader)) return false;
  return !rest.some((word) => GIT_REFUSED.some((refused) => word.startsWith(refused)));
}

function named(argv: readonly string[]): boolean {
  const [program, ...args] = argv;
  if (program === 'git') return gitReads(args);
  return program === 'ls' || program === 'cat' || program === 'pwd';
}

/**
 * Commands that only read, and only inside the workspace: `git status|diff|log|show`, `ls`, `cat`, `pwd`. Every word
 * that could be a path must lie inside, because `git diff a b` compares any two files when both are outside.
 */
export function isReadOnly(argv: readonly string[], inside: (path: string) => boolean): boolean {
  if (!named(argv)) return false;
  const words = argv.slice(1);
  if (words.some((word) => word.startsWith('-') && word.includes('/'))) return false;
  return words.every((word) => word.startsWith('-') || inside(word));
}
