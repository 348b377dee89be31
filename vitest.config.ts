import { defineConfig } from 'vitest/config';

/** Tests that run the built program. */
const built = { globalSetup: ['test/support/e2e-build.ts'], testTimeout: 600_000, hookTimeout: 600_000 };

/** Tests that need nothing but the sources. */
const ofSources = {
  setupFiles: ['test/support/seed.ts'],
  // The files of a worker share its modules: loading MJML, the query builder and the Markdown parsers for each of them takes
  // longer than most tests. A test must clean up after itself.
  isolate: false,
  // Seconds on a quiet machine. The limit only ends a test that hangs: a busy machine is no fault of the code.
  testTimeout: 600_000,
  hookTimeout: 600_000,
};

/** Tests of the sources that take seconds each: properties, databases in files, real servers. */
const SLOW = [
  'test/**/*.property.test.ts',
  'test/contracts/store-postgres.test.ts',
  'test/tools/**/*.test.ts',
  'test/deliver/{message,smtp,smtp-faults,dkim,wire}.test.ts',
  'test/issue/{candidates,check,composed-once,known-again,rehearse}.test.ts',
  'test/operate/{copy-sends-nothing,private-files}.test.ts',
  'test/platform/hostile-server.test.ts',
  'test/select/select-posts.test.ts',
  'test/sending/{refusals,faults,servers}.test.ts',
  'test/store/{ledger-plans,migrate,postgres-connections,public-plans,store-error}.test.ts',
  'test/web/{limits,round-trip,sign-up,archive}.test.ts',
];
/** Foreign programs are installed and run: site generators, servers. */
const REAL = ['test/real/**/*.real.test.ts'];
const LONG = ['test/**/*.long.test.ts'];
/** Their properties are tried a few times by `npm test`, and twenty times as often by the long tests. */
const PROPERTIES = [
  'test/**/*.property.test.ts',
  'test/deliver/{smtp-faults,wire}.test.ts',
  'test/issue/{candidates,rehearse}.test.ts',
  'test/web/round-trip.test.ts',
];
const E2E = ['test/e2e/**'];
const PACKAGE = ['test/e2e/{package,readme}.test.ts'];

/**
 * `fast` runs at every save; `npm test` adds `slow` and `e2e`; `npm run test:long` runs the two `long` projects, `npm run test:real` what installs foreign programs; `package`
 * installs from the registry. What takes longest begins first.
 */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: [...E2E, ...LONG, ...SLOW, ...REAL],
          ...ofSources,
          sequence: { groupOrder: 2 },
        },
      },
      { test: { name: 'slow', include: SLOW, exclude: [...E2E, ...LONG], ...ofSources, sequence: { groupOrder: 1 } } },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/*.test.ts'],
          exclude: [...LONG, ...PACKAGE],
          ...built,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'long',
          include: [...LONG, ...PROPERTIES],
          exclude: E2E,
          ...ofSources,
          env: { TEST_RUNS: '20' },
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'long-e2e',
          include: ['test/e2e/*.long.test.ts'],
          ...built,
          testTimeout: 1_800_000,
          sequence: { groupOrder: 0 },
        },
      },
      { test: { name: 'real', include: REAL, ...built, testTimeout: 900_000, hookTimeout: 900_000 } },
      { test: { name: 'package', include: PACKAGE, ...built, sequence: { groupOrder: 3 } } },
    ],
  },
});
