import { parseManifest, type ReadProjectFile } from '#main/features/projects/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';

const SCRIPTS = ['dev', 'start', 'serve', 'preview'];

const HOST = '127.0.0.1';

/** How servers that do not look at PORT are told it. */
const FLAGS: ReadonlyArray<readonly [RegExp, (port: number) => string]> = [
  [/\bvite\b(?!st)/, (port) => `--port ${port} --strictPort --host ${HOST}`],
  [/\bnext\b/, (port) => `-p ${port} -H ${HOST}`],
  [/\b(astro|ng serve|vue-cli-service|webpack(-dev-server| serve)|nuxi?|parcel)\b/, (port) => `--port ${port}`],
];

/** A package manager runs the script `dev`, and passes flags after `--` on to what the script starts. */
async function fromPackage(read: ReadProjectFile, port: number): Promise<string | null> {
  const text = await read('package.json');
  const scripts = (text === null ? null : parseManifest(text))?.scripts ?? {};
  const name = SCRIPTS.find((each) => scripts[each] !== undefined);
  if (name === undefined) return null;
  const flags = FLAGS.find(([pattern]) => pattern.test(scripts[name] ?? ''))?.[1](port);
  if ((await read('pnpm-lock.yaml')) !== null) return `pnpm run ${name}${flags ? ` ${flags}` : ''}`;
  if ((await read('yarn.lock')) !== null) return `yarn run ${name}${flags ? ` ${flags}` : ''}`;
  return `npm run ${name}${flags ? ` -- ${flags}` : ''}`;
}

async function fromPython(read: ReadProjectFile, port: number): Promise<string | null> {
  if ((await read('manage.py')) !== null) return `python3 manage.py runserver ${HOST}:${port} --noreload`;
  for (const file of ['app.py', 'wsgi.py']) {
    const text = await read(file);
    if (text !== null && /\bFlask\(/.test(text)) return `python3 -m flask run --host ${HOST} --port ${port}`;
  }
  return null;
}

/** The line that serves a project on a port, told by its own files. Fails with `no-dev-command`. */
export async function devCommand(read: ReadProjectFile, port: number): Promise<Result<string, Fault>> {
  const found = (await fromPackage(read, port)) ?? (await fromPython(read, port));
  if (found !== null) return ok(found);
  return err(
    faultOf(
      'no-dev-command',
      'AIOS does not know how to run this app.',
      `There is no ${SCRIPTS.join(', ')} script in package.json, no manage.py and no Flask app.`,
      'Add such a script, or start it in a terminal.',
    ),
  );
}
