/** A file that breaks a rule on purpose, and the rule that must say so. */
export interface Break {
  readonly rule: string;
  readonly file: string;
  readonly source: string;
}

const imports = (specifier: string) => `export * as ${specifier.replace(/\W/g, '_')} from '${specifier}';\n`;

function breaks(rule: string, file: string, specifier: string): Break {
  return { rule, file, source: imports(specifier) };
}

/** Files that are right: what the breaking ones import, and some that use what their layer may use. */
export const RIGHT: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({
    type: 'module',
    imports: { '#protocol/*': './protocol/*', '#main/*': './main/*', '#agent-host/*': './agent-host/*' },
    dependencies: Object.fromEntries(
      ['zod', 'yaml', 'fastify', 'ws', 'better-sqlite3', 'react', 'electron', '@orpc/contract'].map((name) => [
        name,
        '1.0.0',
      ]),
    ),
    devDependencies: { 'fast-check': '1.0.0' },
  }),
  'protocol/model/id.ts': imports('zod'),
  'protocol/contract/index.ts': imports('@orpc/contract'),
  'main/platform/clock.ts': 'export const now = 1;\n',
  'main/platform/file.ts': imports('node:fs'),
  'main/ports/journal/port.ts': imports('#protocol/model/id.ts'),
  'main/engine/engine.ts': imports('#main/ports/journal/port.ts'),
  'main/adapters/embedded/journal/index.ts': imports('better-sqlite3'),
  'main/gateway/index.ts': imports('#main/platform/clock.ts'),
  'main/features/plans/index.ts': imports('./inner.ts'),
  'main/features/plans/inner.ts': imports('#main/engine/engine.ts'),
  'main/features/runs/index.ts': imports('#main/features/plans/index.ts'),
  'main/server/operations.ts': imports('#protocol/contract/index.ts'),
  'main/server/http/index.ts': imports('fastify'),
  'main/client/index.ts': imports('#main/server/operations.ts'),
  'main/rehearsal/index.ts': imports('yaml'),
  'main/compose/index.ts': imports('#main/features/runs/index.ts'),
  'main/cli/main.ts': imports('#main/compose/index.ts'),
  'main/cli/rehearse/stage.ts': imports('#main/rehearsal/index.ts'),
  'main/cli/rehearse/demo.ts': imports('#main/rehearsal/index.ts'),
  'main/index.ts': `${imports('#main/server/operations.ts')}${imports('#main/compose/index.ts')}`,
  'agent-host/index.ts': imports('#protocol/model/id.ts'),
  'electron/main.ts': `${imports('electron')}${imports('zod')}`,
  'electron/demo.ts': `${imports('#main/cli/rehearse/demo.ts')}${imports('#main/index.ts')}`,
  'bin/aios.mjs': imports('node:path'),
};

/** At least one break for every rule of the configuration; the test fails when a rule has none. */
export const BREAKS: readonly Break[] = [
  breaks('protocol-imports', 'protocol/bad-imports.ts', '#main/platform/clock.ts'),
  breaks('protocol-packages', 'protocol/bad-packages.ts', 'yaml'),
  breaks('protocol-packages:protocol/contract', 'protocol/contract/bad-packages.ts', 'fastify'),
  breaks('protocol-no-node', 'protocol/bad-node.ts', 'node:fs'),
  breaks('renderer-imports', 'renderer/bad-imports.ts', '#main/platform/clock.ts'),
  breaks('renderer-packages', 'renderer/bad-packages.ts', 'fastify'),
  breaks('renderer-packages:renderer/app', 'renderer/app/bad.ts', 'fastify'),
  breaks('renderer-packages:renderer/views/graph', 'renderer/views/graph/bad.ts', 'fastify'),
  breaks('renderer-packages:renderer/views/inspector', 'renderer/views/inspector/bad.ts', 'fastify'),
  breaks('renderer-no-node', 'renderer/bad-node.ts', 'node:fs'),
  breaks('agent-host-imports', 'agent-host/bad-imports.ts', '#main/platform/clock.ts'),
  breaks('agent-host-packages', 'agent-host/bad-packages.ts', 'fastify'),
  breaks('agent-host-packages:agent-host/drivers/claude-code', 'agent-host/drivers/claude-code/bad.ts', 'fastify'),
  breaks('agent-host-packages:agent-host/drivers/scripted', 'agent-host/drivers/scripted/bad.ts', 'fastify'),
  breaks('platform-imports', 'main/platform/bad-imports.ts', '#main/engine/engine.ts'),
  breaks('platform-packages', 'main/platform/bad-packages.ts', 'zod'),
  breaks('ports-imports', 'main/ports/bad-imports.ts', '#main/adapters/embedded/journal/index.ts'),
  breaks('ports-packages', 'main/ports/bad-packages.ts', 'better-sqlite3'),
  breaks('engine-imports', 'main/engine/bad-imports.ts', '#main/features/plans/index.ts'),
  breaks('engine-packages', 'main/engine/bad-packages.ts', 'better-sqlite3'),
  breaks('gateway-imports', 'main/gateway/bad-imports.ts', '#main/features/plans/index.ts'),
  breaks('gateway-packages', 'main/gateway/bad-packages.ts', 'fastify'),
  breaks('gateway-packages:main/gateway/worker.ts', 'main/gateway/worker.ts', 'fastify'),
  breaks('adapters-imports', 'main/adapters/embedded/bad-imports.ts', '#main/engine/engine.ts'),
  breaks('adapters-packages', 'main/adapters/embedded/bad-packages.ts', 'better-sqlite3'),
  breaks('adapters-packages:main/adapters/embedded/journal', 'main/adapters/embedded/journal/bad.ts', 'fastify'),
  breaks('adapters-packages:main/adapters/embedded/terminal', 'main/adapters/embedded/terminal/bad.ts', 'fastify'),
  breaks('features-imports', 'main/features/plans/bad-imports.ts', '#main/gateway/index.ts'),
  breaks('features-packages', 'main/features/plans/bad-packages.ts', 'better-sqlite3'),
  breaks('features-by-index', 'main/features/runs/bad-inner.ts', '#main/features/plans/inner.ts'),
  breaks('rehearsal-imports', 'main/rehearsal/bad-imports.ts', '#main/gateway/index.ts'),
  breaks('rehearsal-packages', 'main/rehearsal/bad-packages.ts', 'fastify'),
  breaks('server-imports', 'main/server/bad-imports.ts', '#main/engine/engine.ts'),
  breaks('server-packages', 'main/server/bad-packages.ts', 'fastify'),
  breaks('server-packages:main/server/operations.ts', 'main/server/operations.ts', 'fastify'),
  breaks('server-packages:main/server/http', 'main/server/http/bad.ts', 'better-sqlite3'),
  breaks('server-packages:main/server/port', 'main/server/port/bad.ts', 'fastify'),
  breaks('server-packages:main/server/mcp', 'main/server/mcp/bad.ts', 'fastify'),
  breaks('client-imports', 'main/client/bad-imports.ts', '#main/engine/engine.ts'),
  breaks('client-packages', 'main/client/bad-packages.ts', 'fastify'),
  breaks('compose-imports', 'main/compose/bad-imports.ts', '#main/cli/main.ts'),
  breaks('compose-packages', 'main/compose/bad-packages.ts', 'better-sqlite3'),
  breaks('cli-imports', 'main/cli/bad-imports.ts', '#main/engine/engine.ts'),
  breaks('cli-packages', 'main/cli/bad-packages.ts', 'fastify'),
  breaks('main-face-imports', 'main/index.ts', '#main/engine/engine.ts'),
  breaks('main-face-packages', 'main/index.ts', 'zod'),
  breaks('electron-imports', 'electron/bad-imports.ts', '#main/engine/engine.ts'),
  breaks('electron-packages', 'electron/bad-packages.ts', 'fastify'),
  breaks('demo-only-from-one-file', 'electron/bad-demo.ts', '#main/cli/rehearse/demo.ts'),
  breaks('preload-is-alone', 'electron/preload.ts', './main.ts'),
  breaks('electron-only-in-electron', 'main/compose/bad-electron.ts', 'electron'),
  breaks('rehearsal-only-for-rehearse', 'main/cli/bad-rehearsal.ts', '#main/rehearsal/index.ts'),
  breaks('rehearsal-not-reachable', 'main/compose/bad-reach.ts', '#main/cli/rehearse/stage.ts'),
  breaks('decisions-reach-no-io', 'main/features/runs/decide.ts', '#main/platform/file.ts'),
  breaks('product-loads-no-tests', 'main/compose/bad-tests.ts', '../../tests/doubles/model.ts'),
  breaks('entry-needs-nothing-installed', 'bin/bad.mjs', 'zod'),
  breaks('no-cycles', 'main/engine/bad-cycle-a.ts', './bad-cycle-b.ts'),
  { rule: 'no-orphans', file: 'main/engine/bad-orphan.ts', source: 'export const alone = 1;\n' },
  breaks('nothing-unresolvable', 'main/engine/bad-path.ts', './not-there.ts'),
  breaks('no-undeclared-package', 'main/compose/bad-undeclared.ts', 'pino'),
  breaks('no-dev-package-in-product', 'main/compose/bad-dev.ts', 'fast-check'),
];

/** Further files that the breaks need. */
export const HELPERS: Readonly<Record<string, string>> = {
  'main/engine/bad-cycle-b.ts': imports('./bad-cycle-a.ts'),
  'tests/doubles/model.ts': imports('node:http'),
};

/** Packages that the files above name, as empty folders of `node_modules`. */
export const PACKAGES = [
  'zod',
  'yaml',
  'fastify',
  'ws',
  'better-sqlite3',
  'react',
  'electron',
  '@orpc/contract',
  'pino',
  'fast-check',
];
