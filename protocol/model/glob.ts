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

/** Whether one segment of each may name the same text. */
function segmentsOverlap(one: string, other: string): boolean {
  if (one.includes('**') || other.includes('**')) return true;
  const known = new Map<number, boolean>();
  const meet = (i: number, j: number): boolean => {
    const key = i * (other.length + 1) + j;
    const before = known.get(key);
    if (before !== undefined) return before;
    const [a, b] = [one.charAt(i), other.charAt(j)];
    let found: boolean;
    if (a === '*') found = meet(i + 1, j) || (j < other.length && meet(i, j + 1));
    else if (b === '*') found = meet(i, j + 1) || (i < one.length && meet(i + 1, j));
    else if (a === '' || b === '') found = a === b;
    else found = (a === b || a === '?' || b === '?') && meet(i + 1, j + 1);
    known.set(key, found);
    return found;
  };
  return meet(0, 0);
}

/** One of them has ended: what is left of the other lies below it, unless it names a file by its extension. */
function endsMeet(ours: readonly string[], theirs: readonly string[], our = '', their = ''): boolean {
  const [left, ended] = ours.length > 0 ? [ours, their] : [theirs, our];
  return left.every((segment) => segment === '**') || !/\.\w+$/.test(ended);
}

/**
 * Whether some path is named by both globs, each of which names what is below it too. Nothing lies below a name with an
 * extension; else it may say yes where it is unsure.
 */
export function globsOverlap(one: string, other: string): boolean {
  const [ours, theirs] = [one, other].map((glob) => glob.replace(/^\.\//, '').replace(/\/+$/, '').split('/')) as [
    string[],
    string[],
  ];
  const known = new Map<number, boolean>();
  const meet = (i: number, j: number): boolean => {
    const [a, b] = [ours[i], theirs[j]];
    if (a === undefined || b === undefined) return endsMeet(ours.slice(i), theirs.slice(j), ours.at(-1), theirs.at(-1));
    const key = i * (theirs.length + 1) + j;
    const before = known.get(key);
    if (before !== undefined) return before;
    const found =
      a === '**'
        ? meet(i + 1, j) || meet(i, j + 1)
        : b === '**'
          ? meet(i, j + 1) || meet(i + 1, j)
          : segmentsOverlap(a, b) && meet(i + 1, j + 1);
    known.set(key, found);
    return found;
  };
  return meet(0, 0);
}
