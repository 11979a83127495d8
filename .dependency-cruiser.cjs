/** The rules of docs/architecture.md, "Rules that keep it so". */
const inFolder = (path) => `^${path}`;
const ioModules =
  '^(node:)?(fs|net|http|https|tls|dns|child_process|worker_threads|os|process|timers|perf_hooks|dgram|cluster|zlib|crypto)(/|$)';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'pure-layers-do-no-io',
      comment: 'protocol, core and measure are pure',
      severity: 'error',
      from: { path: '^engine/(protocol|core|measure)/', pathNot: '\\.test\\.ts$' },
      to: { path: [ioModules, '^node_modules/(ws|undici)/'] },
    },
    {
      name: 'pure-layers-import-downwards',
      severity: 'error',
      from: { path: '^engine/(protocol|core|measure)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^engine/(?!protocol/|core/|measure/|venues/venue\\.ts)' },
    },
    {
      name: 'core-knows-no-measure',
      severity: 'error',
      from: { path: '^engine/core/' },
      to: { path: '^engine/measure/' },
    },
    {
      name: 'protocol-knows-nobody',
      comment: 'but the family of errors',
      severity: 'error',
      from: { path: '^engine/protocol/' },
      to: { path: '^engine/(?!protocol/|core/errors\\.ts)' },
    },
    {
      name: 'venues-know-core-only',
      severity: 'error',
      from: { path: '^engine/venues/', pathNot: '\\.test\\.ts$' },
      to: { path: '^engine/(practice|simulation|agent|journal|desk)' },
    },
    {
      name: 'practice-never-uses-clients',
      comment: 'practice knows wire types, never the clients it serves',
      severity: 'error',
      from: { path: '^engine/practice/', pathNot: '\\.test\\.ts$' },
      to: { path: ['^engine/venues/[^/]+/(?!wire|keys)', '^engine/(agent|journal|desk|simulation)'] },
    },
    {
      name: 'engine-stands-alone',
      severity: 'error',
      from: { path: inFolder('engine/') },
      to: { path: '^(main|renderer)/|electron' },
    },
    {
      name: 'product-never-imports-simulation',
      comment: 'the CLI offers run --virtual and is the one exception',
      severity: 'error',
      from: { path: '^(engine|main|renderer)/', pathNot: ['^engine/simulation/', '^engine/cli', '\\.test\\.ts$'] },
      to: { path: '^engine/simulation/' },
    },
    {
      name: 'main-and-renderer-know-the-protocol-alone',
      severity: 'error',
      from: { path: '^(main|renderer)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^engine/(?!protocol/)' },
    },
    {
      name: 'renderer-talks-through-the-ipc-schema',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^main/(?!ipc/|text/)' },
    },
    {
      name: 'only-the-shell-imports-electron',
      severity: 'error',
      from: { path: '^(main|renderer|build)/', pathNot: '^main/shell/electron/|^main/electron-main' },
      to: { path: '^node_modules/electron/' },
    },
    {
      name: 'not-to-test-helpers',
      severity: 'error',
      from: { pathNot: '(\\.test\\.ts|\\.test-helper\\.ts|^build/e2e/)' },
      to: { path: '\\.(test|test-helper)\\.ts$' },
    },
    {
      name: 'no-unresolvable',
      comment: 'peers are installed by what measures against them',
      severity: 'error',
      from: { pathNot: '^build/(peers|bench)/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/|build/peers/node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types', 'svelte'],
      extensions: ['.ts', '.svelte', '.mjs', '.js', '.json', '.cjs'],
    },
  },
};
