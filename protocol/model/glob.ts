const ESCAPE = /[\\^$.|+()[\]{}]/;

/** One step of the translation: the regular expression for the glob text at `index`, and how much of it was used. */
function piece(glob: string, index: number): readonly [string, number] {
  if (glob.startsWith('**/', index)) return ['(?:.*/)?', 3];
  if (glob.startsWith('**', index)) return ['.*', 2];
  const character = glob.charAt(index);
  if (character === '*') return ['[^/]*', 1];
  if (character === '?') return ['[^/]', 1];
  return [ESCAPE.test(character) ? `\\${character}` : character, 1];
}

function toPattern(glob: string): string {
  let pattern = '';
  for (let index = 0; index < glob.length; ) {
    const [source, used] = piece(glob, index);
    pattern += source;
    index += used;
  }
  return pattern;
}

/**
 * Whether a path (forward slashes) is named by a glob, itself or as something below it. `*` stays within a folder, `**`
 * crosses folders. Dotfiles are files like any other: Node's `matchesGlob` leaves them out, which for a protection
 * would be a hole.
 */
export function globMatches(glob: string, path: string): boolean {
  const pattern = toPattern(glob.replace(/^\.\//, '').replace(/\/+$/, ''));
  return new RegExp(`^${pattern}(?:/.*)?$`, 's').test(path);
}

/** Whether any of the globs names the path. */
export function matchesAny(globs: readonly string[], path: string): boolean {
  return globs.some((glob) => globMatches(glob, path));
}
