import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { ModelReply, ModelRequest } from '../doubles/model-server.ts';
import { git, openWorld, ready, snapshotOf, state, value, type World } from './kit.ts';
import { aios, call, garbled, lastOf, roleOf, say, shell, turnsOf, workspaceOf, write } from './model.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const REPO = {
  Makefile: 'test:\n\t@sh checks/all.sh\n.PHONY: test\n',
  'checks/all.sh': 'set -e\nfor check in checks/*.check; do sh "$check"; done\n',
  'checks/poem.check': 'test -s poem.txt\n',
  'poem.txt': 'Rosen sind rot\n',
};

/** Speaks of roses in three languages, calls tools in odd orders, and now and then nonsense. */
const lead = (request: ModelRequest): ModelReply => {
  const acts = [
    [say('Guten Tag!'), call('Grep', { pattern: 'Rosen' }), call('Teleport', { to: 'Mars' })],
    [aios('report_progress', { note: 'ich denke nach' }), aios('list_agents')],
    [garbled(aios('propose_plan', {}), '[1, 2')],
    [
      aios('propose_plan', {
        tasks: [
          { key: '🌹 Nr. 1', title: 'Zweite Zeile', brief: 'poem.txt braucht eine zweite Zeile.', role: 'Backend' },
          {
            key: '2️⃣',
            title: 'Prüfung',
            brief: 'Eine Prüfung der zweiten Zeile.',
            role: 'anyone',
            depends_on: ['🌹 Nr. 1'],
          },
          { key: '__proto__', title: '詩について', brief: '説明を書いてください。', role: 'frontend' },
        ],
      }),
    ],
    [aios('complete_task', { summary: 'Drei Aufgaben, voilà' })],
    [say('Auf Wiedersehen')],
  ];
  return { blocks: acts[turnsOf(request)] ?? [say('…')] };
};

const worker = (request: ModelRequest): ModelReply => {
  const said = JSON.stringify(request.messages);
  const turn = turnsOf(request);
  if (turn === 0) return { blocks: [call('Nonsense', {}), garbled(call('Read', {}), '{{{')] };
  // Claims before it works: nothing is there to check, so it is asked again or its work comes in the same turn.
  if (said.includes('Zweite Zeile') && !said.includes('Prüfung der')) {
    if (turn === 1)
      return { blocks: [shell('make test'), write(request, 'poem.txt', 'Rosen sind rot\nVeilchen sind blau\n')] };
    if (turn === 2) return { blocks: [call('Read', { file_path: `${workspaceOf(request)}/poem.txt` })] };
    if (turn === 3) return { blocks: [write(request, 'poem.txt', 'Rosen sind rot\nVeilchen sind blau\n')] };
  } else if (said.includes('Prüfung der')) {
    if (turn === 1)
      return {
        blocks: [
          write(
            request,
            roleOf(request) === 'devops' ? 'docs/second.md' : 'checks/second.test.check',
            'test -s poem.txt\n',
          ),
        ],
      };
    if (turn === 2) return { blocks: [write(request, 'docs/second.md', 'zwei\n')] };
  } else if (turn === 1) return { blocks: [say('はい'), write(request, 'docs/poem.md', '薔薇は赤い\n')] };
  if (lastOf(request).includes('Recorded')) return { blocks: [say('Fertig.')] };
  return { blocks: [aios('complete_task', { summary: 'fertig 完了' })] };
};

const anyModel = (request: ModelRequest): ModelReply => {
  if (!request.tools?.length) return { blocks: [say('Ein Titel')] };
  return roleOf(request) === 'lead' ? lead(request) : worker(request);
};

test('a model with words of its own brings a crew to a merged goal on a repository checked by make', async () => {
  world = await openWorld('any', { files: REPO, verify: 'make test', model: anyModel });
  const found = value(await world.operations.projects.inspect({ path: world.repo }, undefined));
  expect(found.commands.verify).toBe('make test');
  const goal = await state(world, { agent: undefined, text: '  Das Gedicht soll wachsen 🌱  ' });
  const ended = await ready(world.operations, goal, 120_000);
  expect(
    Object.values(ended.tasks)
      .filter((each) => each.kind === 'work')
      .map((each) => each.status),
  ).toEqual(['done', 'done', 'done']);
  const users = await git(world.repo, 'rev-parse', 'main');
  const accepted = value(await world.operations.goals.accept({ goal }, undefined));
  expect(accepted.result).toBe('accepted');
  expect(await git(world.repo, 'rev-parse', 'main')).not.toBe(users);
  expect(readFileSync(join(world.repo, 'poem.txt'), 'utf8')).toContain('Veilchen');
  const { budgets } = await snapshotOf(world.operations);
  expect(budgets.nodes['company/real']?.spent).toBeGreaterThan(0);
  expect(budgets.nodes['company/rehearsal']).toBeUndefined();
}, 180_000);

test('what make detects is used without a word, and one agent alone does it', async () => {
  world = await openWorld('alone', {
    files: REPO,
    verify: null,
    model: (request) => {
      if (!request.tools?.length) return { blocks: [say('Titre')] };
      const turn = turnsOf(request);
      if (turn === 0)
        return { blocks: [say("D'accord"), write(request, 'vers.txt', 'une rose\n'), shell('make test')] };
      return { blocks: [turn === 1 ? aios('complete_task', { summary: 'voilà' }) : say('Au revoir')] };
    },
  });
  value(
    await world.operations.projects.setCommands(
      { path: world.repo, setup: null, verify: 'make test', acceptance: null },
      undefined,
    ),
  );
  const found = value(await world.operations.projects.inspect({ path: world.repo }, undefined));
  value(await world.operations.projects.trust({ path: world.repo, digest: found.trust.digest }, undefined));
  const ended = await ready(world.operations, await state(world, { agent: 'backend', text: 'Un vers de plus' }));
  expect(Object.values(ended.attempts)[0]?.check?.result).toBe('passed');
});
