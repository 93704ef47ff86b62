// The layers of .dependency-cruiser.mjs: one row each, what it may import, and the rules that follow.

/** Files that only tests and the build load. They may reach across layers, and product code may not load them. */
export const TESTS =
  '(\\.test\\.tsx?|/(test-support|conformance)\\.ts|/test-kit\\.ts|/vite\\.config\\.ts)$|^main/features/[^/]+/model/|^tests/';

export const PROTOCOL = '^protocol/';
const FACE = '^main/index\\.ts$';
const DEMO = '^main/cli/rehearse/demo\\.ts$';
const OPERATIONS = '^main/server/operations\\.ts$';
const PLATFORM = '^main/platform/';
const PORTS = '^main/ports/';
const ENGINE = '^main/engine/';
export const ANY_FEATURE = '^main/features/[^/]+/index\\.ts$';

/** A package of npm, matched where it is installed. */
const npm = (name) => `node_modules/${name}/`;

/**
 * One row a layer: `name`, the files it holds, and what they may import of ours and of npm. Node's own modules are
 * allowed unless `node: false`. A folder inside a layer that may use one package more has a row of its own in `sdk`.
 */
const LAYERS = [
  {
    name: 'protocol',
    from: PROTOCOL,
    may: [PROTOCOL],
    packages: ['zod'],
    sdk: { '^protocol/contract/': ['@orpc/contract'] },
    node: false,
  },
  {
    name: 'renderer',
    from: '^renderer/',
    may: ['^renderer/', PROTOCOL],
    packages: [
      'react',
      'react-dom',
      'zustand',
      '@orpc/client',
      '@orpc/contract',
      'i18next',
      'lucide-react',
      'clsx',
      '@base-ui/react',
      '@tanstack/react-virtual',
    ],
    sdk: {
      '^renderer/app/': ['cmdk', 'react-resizable-panels'],
      '^renderer/views/graph/': ['@xyflow/react', 'elkjs'],
      '^renderer/views/inspector/': ['@xterm/xterm', '@xterm/addon-fit'],
    },
    node: false,
  },
  {
    name: 'agent-host',
    from: '^agent-host/',
    may: ['^agent-host/', PROTOCOL],
    packages: ['zod'],
    sdk: {
      '^agent-host/drivers/claude-code/': ['@anthropic-ai/claude-agent-sdk'],
      '^agent-host/drivers/scripted/': ['@modelcontextprotocol/sdk'],
    },
  },
  { name: 'platform', from: PLATFORM, may: [PLATFORM], packages: [] },
  { name: 'ports', from: PORTS, may: [PORTS, PLATFORM, PROTOCOL], packages: ['zod'] },
  { name: 'engine', from: ENGINE, may: [ENGINE, PORTS, PLATFORM, PROTOCOL], packages: [] },
  {
    name: 'gateway',
    from: '^main/gateway/',
    may: ['^main/gateway/', PORTS, PLATFORM, PROTOCOL],
    packages: ['zod'],
    // The price book.
    sdk: { '^main/gateway/worker\\.ts$': ['yaml'] },
  },
  {
    name: 'adapters',
    from: '^main/adapters/',
    may: ['^main/adapters/', PORTS, PLATFORM, PROTOCOL],
    packages: ['zod'],
    sdk: {
      '^main/adapters/embedded/journal/': ['better-sqlite3'],
      '^main/adapters/embedded/terminal/': ['@lydell/node-pty'],
    },
  },
  {
    name: 'features',
    from: '^main/features/',
    may: ['^main/features/', ENGINE, PORTS, PLATFORM, PROTOCOL],
    packages: ['zod', 'yaml'],
  },
  {
    name: 'rehearsal',
    from: '^main/rehearsal/',
    may: ['^main/rehearsal/', PLATFORM, PROTOCOL],
    packages: ['zod', 'yaml'],
  },
  {
    name: 'server',
    from: '^main/server/',
    may: ['^main/server/', FACE, ANY_FEATURE, PLATFORM, PROTOCOL],
    packages: ['zod'],
    sdk: {
      '^main/server/operations\\.ts$': ['@orpc/contract'],
      '^main/server/http/': ['fastify', '@fastify/.*', 'ws', '@orpc/.*', 'pino'],
      '^main/server/port/': ['@orpc/.*'],
      '^main/server/mcp/': ['@modelcontextprotocol/sdk'],
    },
  },
  {
    name: 'client',
    from: '^main/client/',
    may: ['^main/client/', FACE, '^main/server/(operations|http/index)\\.ts$', PLATFORM, PROTOCOL],
    packages: ['zod', 'ws', '@orpc/client', '@orpc/contract'],
  },
  {
    name: 'compose',
    from: '^main/compose/',
    may: ['^main/(?!cli/|client/|rehearsal/)', PROTOCOL],
    packages: ['zod', 'yaml'],
  },
  {
    name: 'cli',
    from: '^main/cli/',
    may: [
      '^main/cli/',
      FACE,
      '^main/compose/(index|ahead|load|version|configuration)\\.ts$',
      '^main/client/index\\.ts$',
      OPERATIONS,
      ANY_FEATURE,
      '^main/rehearsal/index\\.ts$',
      PLATFORM,
      PROTOCOL,
    ],
    packages: ['zod', 'yaml'],
  },
  {
    name: 'main-face',
    from: FACE,
    may: [
      '^main/compose/(index|ahead|configuration)\\.ts$',
      '^main/client/follow\\.ts$',
      '^main/server/http/headers\\.ts$',
      '^main/gateway/index\\.ts$',
      PORTS,
      PLATFORM,
      OPERATIONS,
      PROTOCOL,
    ],
    packages: [],
  },
  {
    name: 'electron',
    from: '^electron/',
    may: ['^electron/', FACE, DEMO, PROTOCOL],
    packages: ['electron', 'zod'],
  },
];

function rulesOf({ name, from, may, packages, sdk = {}, node = true }) {
  const special = Object.keys(sdk);
  const source = { path: from, pathNot: [TESTS] };
  const list = (extra) => [...packages, ...extra].map(npm);
  return [
    {
      name: `${name}-imports`,
      comment: `${name} may import of ours only: ${may.join(' ')}`,
      severity: 'error',
      from: source,
      to: {
        pathNot: [...may, 'node_modules/'],
        dependencyTypes: ['local', 'localmodule', 'aliased'],
        couldNotResolve: false,
      },
    },
    {
      name: `${name}-packages`,
      comment: `${name} may use of npm only: ${packages.join(' ') || 'nothing'}`,
      severity: 'error',
      from: { path: from, pathNot: [TESTS, ...special] },
      to: { path: 'node_modules/', pathNot: list([]) },
    },
    ...special.map((path) => ({
      name: `${name}-packages:${path.replace(/^\^|\/$|\\|\$$/g, '')}`,
      severity: 'error',
      from: { path, pathNot: [TESTS] },
      to: { path: 'node_modules/', pathNot: list(sdk[path]) },
    })),
    ...(node
      ? []
      : [
          {
            name: `${name}-no-node`,
            comment: `${name} runs where there is no Node`,
            severity: 'error',
            from: source,
            to: { dependencyTypes: ['core'] },
          },
        ]),
  ];
}

/** The rules of every layer. */
export const LAYER_RULES = LAYERS.flatMap(rulesOf);
