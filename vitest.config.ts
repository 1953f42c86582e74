/** How the tests run: in random order, on three workers; runs in the lab and benchmarks have runners of their own. */
import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/world/built-folder.ts'],
    setupFiles: ['test/canaries/setup.ts'],
    exclude: [...configDefaults.exclude, 'test/bench/**'],
    sequence: { shuffle: true },
    // Processes, not threads: tests of the real world change the umask and send signals.
    pool: 'forks',
    // One more than the smallest machine has processors: tests of real programs mostly wait.
    maxWorkers: 3,
    // A worker runs many files: so the program is loaded, and made fast by V8, once. What a test changes of its process it puts back.
    isolate: false,
    // MiB: most of what a rehearsed run makes is garbage at once.
    execArgv: ['--max-semi-space-size=64'],
    // Far beyond what anything takes: a machine that is busy must not fail a test.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // What a file was transformed into is kept between runs, by its contents.
    experimental: { fsModuleCache: true },
    restoreMocks: true,
    unstubEnvs: true,
  },
});
