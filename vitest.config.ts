import { defineConfig } from 'vitest/config';

/** What runs the built program. */
const built = { globalSetup: ['test/support/e2e-build.ts'], testTimeout: 600_000, hookTimeout: 600_000 };

/** What needs nothing but the sources. */
const ofSources = {
  setupFiles: ['test/support/seed.ts'],
  // The files of a worker share its modules: loading MJML, the query builder and the Markdown parsers for each of them
  // takes longer than most tests. What a test leaves behind is its fault.
  isolate: false,
  // Seconds on a machine of its own; a busy one is no fault of the code.
  testTimeout: 120_000,
  hookTimeout: 120_000,
  sequence: { groupOrder: 1 },
};

/**
 * `rooms` and `long` are of the sources; the short test leaves out the long ones. `e2e` runs the built program and begins
 * first, because it takes longest. `package` installs from the registry.
 */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'rooms',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/**/*.long.test.ts'],
          ...ofSources,
        },
      },
      { test: { name: 'long', include: ['test/**/*.long.test.ts'], ...ofSources } },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/*.test.ts'],
          exclude: ['test/e2e/package.test.ts'],
          sequence: { groupOrder: 0 },
          ...built,
        },
      },
      {
        test: { name: 'package', include: ['test/e2e/package.test.ts'], sequence: { groupOrder: 2 }, ...built },
      },
    ],
  },
});
