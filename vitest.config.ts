/** How the tests run: in random order, on two workers; the lab and the benchmarks have runners of their own. */
import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'test/lab/**', 'test/bench/**'],
    sequence: { shuffle: true },
    // Processes, not threads: tests of the real world change the umask and send signals.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    restoreMocks: true,
    unstubEnvs: true,
  },
});
