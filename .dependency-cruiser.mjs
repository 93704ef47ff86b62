import { ANY_FEATURE, LAYER_RULES, PROTOCOL, TESTS } from './scripts/layers.mjs';

/**
 * Who may import whom. The tests in tests/architecture break every rule on
 * purpose. Each layer lists what it may import; everything else is a violation, so a new folder starts with nothing.
 */

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...LAYER_RULES,
    {
      name: 'features-by-index',
      comment: 'a feature knows another feature by its index.ts only',
      severity: 'error',
      from: { path: '^main/features/([^/]+)/', pathNot: [TESTS] },
      to: { path: '^main/features/', pathNot: ['^main/features/$1/', ANY_FEATURE] },
    },
    {
      name: 'rehearsal-only-for-rehearse',
      comment: 'no product code may know that a rehearsal is on',
      severity: 'error',
      from: { pathNot: ['^main/cli/rehearse/', '^main/rehearsal/', TESTS] },
      to: { path: '^main/rehearsal/' },
    },
    {
      name: 'rehearsal-not-reachable',
      comment: 'nor reach it through others',
      severity: 'error',
      // A face brings the demo crew: of the shell, electron/demo.ts and who starts it.
      from: {
        path: '^(main/(?!cli/|rehearsal/)|agent-host/|protocol/|renderer/|electron/(?!(demo|index)\\.ts$))',
        pathNot: [TESTS],
      },
      to: { path: '^main/rehearsal/', reachable: true },
    },
    {
      name: 'demo-only-from-one-file',
      comment: 'the shell knows the demo crew in one file and hands it on; nothing else of the command line',
      severity: 'error',
      from: { path: '^electron/', pathNot: [TESTS, '^electron/demo\\.ts$'] },
      to: { path: '^main/cli/' },
    },
    {
      name: 'preload-is-alone',
      comment: 'the sandbox loads one file, and it runs where the page does',
      severity: 'error',
      from: { path: '^electron/preload\\.ts$' },
      to: { pathNot: ['node_modules/electron/'] },
    },
    {
      name: 'decisions-reach-no-io',
      comment: 'decide and evolve are pure: no Node module, however far away',
      severity: 'error',
      from: { path: ['^main/features/[^/]+/decide\\.ts$', PROTOCOL], pathNot: [TESTS] },
      to: {
        path: '^(node:)?(fs|child_process|net|tls|http|https|worker_threads|crypto|os|timers|dgram|dns)(/|$)',
        reachable: true,
      },
    },
    {
      name: 'electron-only-in-electron',
      severity: 'error',
      from: { pathNot: ['^electron/'] },
      to: { path: '(^|node_modules/)electron(/|$)', dependencyTypesNot: ['local', 'localmodule', 'aliased'] },
    },
    {
      name: 'product-loads-no-tests',
      comment: 'product code does not load tests, doubles or test support',
      severity: 'error',
      from: { path: '^(main|agent-host|protocol|renderer|electron|bin)/', pathNot: [TESTS] },
      to: { path: TESTS },
    },
    {
      name: 'entry-needs-nothing-installed',
      comment: 'bin runs under any Node and before anything is installed: Node modules and scripts only',
      severity: 'error',
      from: { path: '^bin/' },
      to: { pathNot: ['^(bin|scripts)/'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'no-cycles',
      comment: 'types may refer to each other in a circle, code may not',
      severity: 'error',
      from: { pathNot: ['node_modules/'] },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      comment: 'a file that imports nothing and that nothing imports',
      severity: 'error',
      from: {
        orphan: true,
        path: '^(main|agent-host|protocol|renderer|electron)/.*\\.tsx?$',
        pathNot: [TESTS, '\\.d\\.ts$'],
      },
      to: {},
    },
    {
      name: 'nothing-unresolvable',
      severity: 'error',
      from: { pathNot: ['node_modules/'] },
      to: { couldNotResolve: true },
    },
    {
      name: 'no-undeclared-package',
      comment: 'a package that package.json does not name is there by luck',
      severity: 'error',
      from: { pathNot: ['node_modules/'] },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-dev-package-in-product',
      severity: 'error',
      from: { path: '^(main|agent-host|protocol)/', pathNot: [TESTS] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|coverage|resources/apps)/' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
