import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';

const COMPONENT = /^[A-Za-z0-9_][A-Za-z0-9._+@-]*$/;
const LONGEST_BRANCH = 200;

/** True for a full commit, tree or blob id (SHA-1 or SHA-256). */
export function isObjectId(text: string): boolean {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

function isComponent(text: string): boolean {
  return COMPONENT.test(text) && !text.includes('..') && !text.endsWith('.') && !text.endsWith('.lock');
}

/**
 * Checks the short name of a branch that AIOS would create (`aios/login`). Stricter than git: no leading dash or dot,
 * no `refs/`, no spaces or control characters, at most 200 characters. Fails with `bad-branch-name`.
 */
export function checkBranchName(name: string): Result<string, Fault> {
  const parts = name.split('/');
  const good = name.length <= LONGEST_BRANCH && parts[0] !== 'refs' && name !== 'HEAD' && parts.every(isComponent);
  if (good) return ok(name);
  return err(
    faultOf(
      'bad-branch-name',
      `"${name.slice(0, 80)}" cannot be the name of a branch.`,
      'Letters, digits, dot, dash, underscore and slash are allowed; a part may not start with a dash or a dot.',
      'Choose another name.',
    ),
  );
}

/** Checks an id that becomes part of a path and of a ref. Fails with `bad-id`. */
export function checkId(id: string): Result<string, Fault> {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(id)) return ok(id);
  return err(
    faultOf(
      'bad-id',
      `"${id.slice(0, 80)}" cannot be used as an id.`,
      'Ids become file and ref names.',
      'Use letters, digits, dash and underscore only.',
    ),
  );
}

/** Checks that a text is a full object id. Fails with `bad-commit`. */
export function checkObjectId(id: string): Result<string, Fault> {
  if (isObjectId(id)) return ok(id);
  return err(
    faultOf(
      'bad-commit',
      `"${id.slice(0, 80)}" is not a commit id.`,
      'A full hexadecimal id is needed.',
      'Resolve the name to a commit first.',
    ),
  );
}

/** Splits NUL-terminated output into its records, as bytes. */
export function splitNul(bytes: Buffer): Buffer[] {
  const records: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(0, start); end >= 0; end = bytes.indexOf(0, start)) {
    records.push(bytes.subarray(start, end));
    start = end + 1;
  }
  if (start < bytes.length) records.push(bytes.subarray(start));
  return records;
}

/** Joins records with a NUL after each, as git reads them with `-z`. */
export function joinNul(records: readonly Uint8Array[]): Buffer {
  const nul = Buffer.from([0]);
  return Buffer.concat(records.flatMap((record) => [record, nul]));
}
